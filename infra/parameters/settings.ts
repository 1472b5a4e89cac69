import { posix } from "node:path";
import { ConfigError } from "../../lib/errors.ts";
import { fileFaults, isFile } from "./package-files.ts";
import { type ParameterValues, type Resolver, readValues, unknownParameters } from "./resolver.ts";
import { type Parameters, parametersSchema } from "./schema.ts";

/** What serverless.yml and the other parts of the stack take from the parameters. */
export interface Settings extends Parameters {
  /** What the functions get: empty without a Bitbucket, where events are taken at their word. */
  readonly bitbucketUrl: string;
  /** Of resyncs; off without a Bitbucket. */
  readonly schedule: { readonly rate: string; readonly state: string };
  /** Files that the functions read at run time: blueprints, mappings, and certificates. */
  readonly files: readonly string[];
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
  const isLocal = (await resolver.resolveVariable("sls:stage")) === localStage;
  const values = await readValues(Object.keys(parametersSchema.def.shape), resolver);
  const parsed = parametersSchema.safeParse(values);
  const faults = [
    ...(await unknownParameters(resolver)).map((name) => `${name} is not a parameter of serverless.yml`),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`),
    ...networkFaults(values),
    ...(await fileFaults(values, !isLocal)),
  ];
  if (!parsed.success || faults.length > 0) throw withoutStack(faults);
  return derive(parsed.data, isLocal);
}

function networkFaults({ vpcSubnetIds, vpcSecurityGroupIds }: ParameterValues): string[] {
  if ((vpcSubnetIds === undefined) === (vpcSecurityGroupIds === undefined)) return [];
  return vpcSubnetIds === undefined
    ? ["vpcSubnetIds is not set, but vpcSecurityGroupIds is"]
    : ["vpcSecurityGroupIds is not set, but vpcSubnetIds is"];
}

/** osls shows the stack; whoever packages needs the words and nothing else. */
function withoutStack(faults: readonly string[]): ConfigError {
  const error = new ConfigError("The parameters are wrong", faults);
  error.stack = error.message;
  return error;
}

function derive(parameters: Parameters, isLocal: boolean): Settings {
  const { bitbucketHost = "", caFile, mapping, resyncRate, resyncState } = parameters;
  const isWithout = bitbucketHost === "none";
  const named = [mapping, caFile].filter((path) => path !== undefined && isFile(path)) as string[];
  return {
    ...parameters,
    bitbucketUrl: isWithout ? "" : bitbucketHost,
    // Minutes, because Scheduler has no singular: rate(1 hours).
    schedule: { rate: `rate(${resyncRate} minutes)`, state: isWithout ? "DISABLED" : resyncState },
    files: ["infra/port/**", ...(isLocal ? [] : named)],
    extraCaCerts: caFile === undefined ? "" : isLocal ? caFile : posix.join(taskRoot, caFile),
  };
}
