import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { ConfigError } from "../errors.ts";
import { httpUrl, portUrl, required, wholeNumber, yesOrNo } from "./values.ts";

/** Everything that can be set, parsed once. */
export interface Config {
  readonly port: PortConfig;
  /** Absent when no Bitbucket is configured: the live path then does without it. */
  readonly bitbucket: BitbucketConfig | undefined;
  /** Project keys that are wanted; empty = all. */
  readonly projects: readonly string[];
  /** `default`, `port-docs`, or the path of a mapping file. */
  readonly mapping: string;
  /** The pull requests that a backfill lists. */
  readonly pullRequestState: PullRequestState;
  /** Deletions above this share of a scope (percent) are withheld. */
  readonly maxDeletePercent: number;
  /** Whether webhooks belong to repositories rather than to projects; undefined = Bitbucket's version says. */
  readonly webhooksPerRepository: boolean | undefined;
}

export const pullRequestStates = ["ALL", "OPEN", "MERGED", "DECLINED"] as const;
export type PullRequestState = (typeof pullRequestStates)[number];

export interface PortConfig {
  /** Ends in `/v1`, without a slash behind. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface BitbucketConfig {
  /** Base URL with its context path, without a slash behind. */
  readonly host: string;
  /** The value of the `Authorization` header. */
  readonly authorization: string;
  /** Calls under way at once. */
  readonly concurrency: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

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
  BITBUCKET_CONCURRENCY: z.optional(wholeNumber(1, 64)),
  MAPPING: z._default(z.string(), "default"),
  PULL_REQUEST_STATE: z._default(
    z.enum(pullRequestStates, `is none of ${pullRequestStates.join(", ")}`),
    "OPEN",
  ),
  MAX_DELETE_PERCENT: z.optional(wholeNumber(0, 100)),
  IS_VERSION_8_7_OR_OLDER: z.optional(yesOrNo),
});

/** Settings that only make sense together; looked at by themselves, so that no other fault hides them. */
function togetherFaults(set: Environment): string[] {
  const { BITBUCKET_HOST: host, BITBUCKET_USERNAME: username, BITBUCKET_PASSWORD: password } = set;
  return [
    username !== undefined && password === undefined
      ? "BITBUCKET_PASSWORD is not set, but BITBUCKET_USERNAME is"
      : "",
    password !== undefined && username === undefined
      ? "BITBUCKET_USERNAME is not set, but BITBUCKET_PASSWORD is"
      : "",
    host === undefined && authorization(set) !== undefined
      ? "BITBUCKET_HOST is not set, but credentials for it are"
      : "",
  ].filter((fault) => fault !== "");
}

/**
 * Parses the settings. An empty value counts as not set, so that a stack's unused parameter can be empty.
 * @throws ConfigError naming every fault at once, by the variable's name and never by its value.
 */
export function parseConfig(env: Environment): Config {
  return parse(env, () => []);
}

function parse(env: Environment, furtherFaults: (set: Environment) => string[]): Config {
  const set: Environment = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const further = [...togetherFaults(set), ...furtherFaults(set)];
  const port = portSchema.safeParse(set);
  const rest = bitbucketSchema.safeParse(set);
  if (!port.success || !rest.success || further.length > 0) {
    const all = [...faults(port.error), ...faults(rest.error), ...further];
    throw new ConfigError("The settings are not complete", all);
  }
  const auth = authorization(rest.data);
  const host = rest.data.BITBUCKET_HOST;
  return {
    port: {
      apiUrl: port.data.PORT_API_URL,
      clientId: port.data.PORT_CLIENT_ID,
      clientSecret: port.data.PORT_CLIENT_SECRET,
    },
    bitbucket:
      host === undefined || auth === undefined
        ? undefined
        : { host, authorization: auth, concurrency: rest.data.BITBUCKET_CONCURRENCY ?? 8 },
    projects: (rest.data.BITBUCKET_PROJECTS_FILTER ?? "")
      .split(",")
      .map((key) => key.trim())
      .filter((key) => key !== ""),
    mapping: rest.data.MAPPING,
    pullRequestState: rest.data.PULL_REQUEST_STATE,
    maxDeletePercent: rest.data.MAX_DELETE_PERCENT ?? 30,
    webhooksPerRepository: rest.data.IS_VERSION_8_7_OR_OLDER,
  };
}

/**
 * Parses the settings of what cannot do without Bitbucket.
 * @throws ConfigError
 */
export function parseBackfillConfig(env: Environment): Config & { readonly bitbucket: BitbucketConfig } {
  const config = parse(env, bitbucketFaults);
  if (config.bitbucket === undefined) throw new ConfigError("The settings are not complete", []);
  return { ...config, bitbucket: config.bitbucket };
}

function bitbucketFaults(set: Environment): string[] {
  if (authorization(set) !== undefined) return [];
  return [
    ...(set["BITBUCKET_HOST"] === undefined ? ["BITBUCKET_HOST is not set"] : []),
    "neither BITBUCKET_TOKEN nor BITBUCKET_USERNAME and BITBUCKET_PASSWORD are set",
  ];
}

interface Credentials {
  readonly BITBUCKET_TOKEN?: string | undefined;
  readonly BITBUCKET_USERNAME?: string | undefined;
  readonly BITBUCKET_PASSWORD?: string | undefined;
}

/** A token wins over a password: project and repository tokens work as Bearer only, and many sites turn Basic off. */
function authorization(it: Credentials): string | undefined {
  if (it.BITBUCKET_TOKEN !== undefined) return `Bearer ${it.BITBUCKET_TOKEN}`;
  if (it.BITBUCKET_USERNAME === undefined || it.BITBUCKET_PASSWORD === undefined) return undefined;
  return `Basic ${Buffer.from(`${it.BITBUCKET_USERNAME}:${it.BITBUCKET_PASSWORD}`).toString("base64")}`;
}

function faults(
  error: { issues: readonly { path: PropertyKey[]; message: string }[] } | undefined,
): string[] {
  return (error?.issues ?? []).map((issue) => `${issue.path.join(".")} ${issue.message}`);
}

/** Loads `.env` beside the current folder where there is one; what the environment has already wins. */
export function loadDotEnv(path = ".env"): void {
  try {
    readFileSync(path);
  } catch {
    return;
  }
  process.loadEnvFile(path);
}
