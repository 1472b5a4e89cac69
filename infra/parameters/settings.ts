import { posix } from "node:path";
import { readProxy } from "../../lib/proxy.ts";
import { parameterFaults } from "./faults.ts";
import { isFile } from "./package-files.ts";
import { type ParameterValues, type Resolver, readValues } from "./resolver.ts";
import { type Parameters, parametersSchema } from "./schema.ts";
import { tagsByKey } from "./tags.ts";
import { wrong } from "./wrong.ts";

/** What serverless.yml and the other parts of the stack take from the parameters. */
export interface Settings extends Parameters {
  /** The parameters as the functions get them: checked and trimmed texts, empty where they are not set. */
  readonly texts: Readonly<Record<string, string>>;
  /** What the functions get: empty without a Bitbucket, where events are taken at their word. */
  readonly bitbucketUrl: string;
  /** Of resyncs; off without a Bitbucket. */
  readonly schedule: { readonly rate: string; readonly state: string };
  /** Files that the functions read at run time: blueprints, mappings, and certificates. */
  readonly files: readonly string[];
  /** On everything in the stack, so that its cost can be told. */
  readonly stackTags: Readonly<Record<string, string>>;
  /** What makes Node.js go by the proxy, from a function's beginning; empty without one. */
  readonly proxy: Readonly<Record<"HTTPS_PROXY" | "NO_PROXY" | "NODE_USE_ENV_PROXY", string>>;
  /** Where a function finds the certificates of a private CA; empty = there are none. */
  readonly extraCaCerts: string;
}

/** The stage that `npm start` plays, with this machine's own files. */
const localStage = "local";
/** Where Lambda unpacks a function's package. */
const taskRoot = "/var/task";

/**
 * The parameters of the stack, checked.
 * @throws ConfigError naming every parameter that is missing, wrong or unknown
 */
export async function settings(resolver: Resolver): Promise<Settings> {
  const stage = String(await resolver.resolveVariable("sls:stage"));
  const isLocal = stage === localStage;
  const { values, others } = await readValues(Object.keys(parametersSchema.def.shape), resolver);
  const parsed = parametersSchema.safeParse(values);
  const faults = await parameterFaults({ values, others, parsed }, !isLocal, resolver);
  if (!parsed.success || faults.length > 0) throw wrong("The parameters are wrong", faults);
  const service = String(await resolver.resolveVariable("self:service"));
  const stackTags = { service, stage, ...tagsByKey(parsed.data.tags) };
  return { ...derive(parsed.data, values, isLocal), stackTags };
}

function derive(
  parameters: Parameters,
  values: ParameterValues,
  isLocal: boolean,
): Omit<Settings, "stackTags"> {
  const { bitbucketHost = "", caFile, mapping, resyncRate, resyncState } = parameters;
  const isWithout = bitbucketHost === "none";
  const named = [mapping, caFile].filter((path) => path !== undefined && isFile(path)) as string[];
  return {
    ...parameters,
    texts: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ""])),
    bitbucketUrl: isWithout ? "" : bitbucketHost,
    // Minutes, because Scheduler has no singular: rate(1 hours).
    schedule: { rate: `rate(${resyncRate} minutes)`, state: isWithout ? "DISABLED" : resyncState },
    proxy: proxyVariables(parameters),
    files: ["infra/port/**", ...(isLocal ? [] : named)],
    extraCaCerts: caFile === undefined ? "" : posix.join(taskRoot, caFile),
  };
}

function proxyVariables({ httpsProxy, noProxy }: Parameters): Settings["proxy"] {
  const { HTTPS_PROXY = "", NO_PROXY = "" } =
    readProxy({ HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy.join() }) ?? {};
  return { HTTPS_PROXY, NO_PROXY, NODE_USE_ENV_PROXY: HTTPS_PROXY === "" ? "" : "1" };
}
