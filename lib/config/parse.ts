import * as z from "zod/mini";
import { ConfigError } from "../errors.ts";
import {
  authorization,
  credentialFaults,
  missingBitbucket,
  missingCredentials,
  none,
} from "./authorization.ts";
import {
  type BitbucketConfig,
  type Config,
  type Environment,
  type PortConfig,
  pullRequestStates,
} from "./config.ts";
import { globs } from "./globs.ts";
import { httpUrl, listOf, portUrl, required, wholeNumber, yesOrNo } from "./values.ts";

const portSchema = z.object({
  PORT_API_URL: z._default(portUrl, "https://api.getport.io/v1"),
  PORT_CLIENT_ID: required,
  PORT_CLIENT_SECRET: required,
});

const bitbucketSchema = z.object({
  BITBUCKET_HOST: z.optional(httpUrl),
  BITBUCKET_TOKEN: z.optional(z.string()),
  BITBUCKET_USERNAME: z.optional(z.string()),
  BITBUCKET_PASSWORD: z.optional(z.string()),
  BITBUCKET_PROJECTS_FILTER: z.optional(z.string()),
  PERSONAL_PROJECTS: z.optional(yesOrNo),
  BITBUCKET_CONCURRENCY: z.optional(wholeNumber(1, 64)),
  MAPPING: z._default(z.string(), "default"),
  PULL_REQUEST_STATE: z.optional(z.enum(pullRequestStates, `is none of ${pullRequestStates.join(", ")}`)),
  MAX_DELETE_PERCENT: z.optional(wholeNumber(0, 100)),
  IS_VERSION_8_7_OR_OLDER: z.optional(yesOrNo),
  GITOPS_FILES: z.optional(globs),
  GITOPS_BLUEPRINTS: z.optional(z.string()),
});

/** The variables that the settings are read from. */
export const settingNames = [...Object.keys(portSchema.def.shape), ...Object.keys(bitbucketSchema.def.shape)];

/**
 * Parses the settings. An empty value counts as not set, so that a stack's unused parameter can be empty.
 * @throws ConfigError naming every fault at once, by the variable's name and never by its value.
 */
export function parseConfig(env: Environment): Config {
  return parse(env, () => []);
}

/** @param furtherFaults gets what is set, and whether it is said that there is no Bitbucket */
function parse(env: Environment, furtherFaults: (set: Environment, isWithout: boolean) => string[]): Config {
  const isWithout = isWithoutBitbucket(env);
  const set = whatIsSet(env);
  const further = [...credentialFaults(set), ...furtherFaults(set, isWithout)];
  const port = portSchema.safeParse(set);
  const rest = bitbucketSchema.safeParse(set);
  if (!port.success || !rest.success || further.length > 0) {
    const all = [...faults(port.error), ...faults(rest.error), ...further];
    throw new ConfigError("The settings are not complete", all);
  }
  return {
    port: portSide(port.data),
    bitbucket: bitbucketSide(rest.data),
    projects: listOf(rest.data.BITBUCKET_PROJECTS_FILTER),
    personalProjects: rest.data.PERSONAL_PROJECTS ?? false,
    mapping: rest.data.MAPPING,
    pullRequestState: rest.data.PULL_REQUEST_STATE,
    maxDeletePercent: rest.data.MAX_DELETE_PERCENT ?? 30,
    webhooksPerRepository: rest.data.IS_VERSION_8_7_OR_OLDER,
    gitops:
      rest.data.GITOPS_FILES === undefined
        ? undefined
        : { files: rest.data.GITOPS_FILES, blueprints: listOf(rest.data.GITOPS_BLUEPRINTS) },
  };
}

/**
 * Parses the settings of a setup, which does without Bitbucket where BITBUCKET_HOST is `none`.
 * @throws ConfigError
 */
export function parseSetupConfig(env: Environment): Config {
  return parse(env, (set, isWithout) => (isWithout ? [] : missingCredentials(set)));
}

/**
 * Parses the settings of what cannot do without Bitbucket.
 * @throws ConfigError
 */
export function parseBackfillConfig(env: Environment): Config & { readonly bitbucket: BitbucketConfig } {
  const config = parse(env, missingBitbucket);
  if (config.bitbucket === undefined) throw new ConfigError("The settings are not complete", []);
  return { ...config, bitbucket: config.bitbucket };
}

/**
 * Parses as much of the settings as leads to Port.
 * @throws ConfigError
 */
export function parsePortConfig(env: Environment): PortConfig {
  const port = portSchema.safeParse(whatIsSet(env));
  if (!port.success) throw new ConfigError("The settings are not complete", faults(port.error));
  return portSide(port.data);
}

/**
 * Parses as much of the settings as leads to Bitbucket.
 * @throws ConfigError
 */
export function parseBitbucketConfig(env: Environment): BitbucketConfig {
  const set = whatIsSet(env);
  const parsed = bitbucketSchema.safeParse(set);
  const side = parsed.success ? bitbucketSide(parsed.data) : undefined;
  if (side !== undefined) return side;
  const all = [...faults(parsed.error), ...credentialFaults(set), ...missingBitbucket(set)];
  throw new ConfigError("The settings are not complete", all);
}

/** Without what is empty, and without the word for no Bitbucket. */
function whatIsSet(env: Environment): Environment {
  const isWithout = isWithoutBitbucket(env);
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) =>
        value !== undefined && value.trim() !== "" && !(isWithout && name === "BITBUCKET_HOST"),
    ),
  );
}

function isWithoutBitbucket(env: Environment): boolean {
  return env["BITBUCKET_HOST"]?.trim() === none;
}

function portSide(set: z.infer<typeof portSchema>): PortConfig {
  return { apiUrl: set.PORT_API_URL, clientId: set.PORT_CLIENT_ID, clientSecret: set.PORT_CLIENT_SECRET };
}

function bitbucketSide(set: z.infer<typeof bitbucketSchema>): BitbucketConfig | undefined {
  const { BITBUCKET_HOST: host, BITBUCKET_CONCURRENCY: concurrency = 8 } = set;
  const auth = authorization(set);
  return host === undefined || auth === undefined ? undefined : { host, authorization: auth, concurrency };
}

function faults(
  error: { issues: readonly { path: PropertyKey[]; message: string }[] } | undefined,
): string[] {
  return (error?.issues ?? []).map((issue) => `${issue.path.join(".")} ${issue.message}`);
}
