import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type ScalarTag } from "yaml";

/** The parts of serverless.yml and of what it includes that the local stack plays. */
export interface Service {
  readonly name: string;
  readonly stage: string;
  readonly region: string;
  readonly queues: Readonly<Record<string, Properties>>;
  readonly eventSources: readonly EventSourceMapping[];
}

export type Properties = Readonly<Record<string, unknown>>;

/** An `sqs` event of a function, with AWS's defaults. */
export interface EventSourceMapping {
  /** The function's deployed name, e.g. `bitbucket-port-sync-local-consumer`. */
  readonly functionName: string;
  /** The queue's logical id in infra/queues.yml. */
  readonly queue: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly partialAnswers: boolean;
}

interface Document {
  service: string;
  params: Record<string, Record<string, unknown> | undefined>;
  functions: Record<string, { events?: { sqs?: SqsEvent }[] }>;
}

interface SqsEvent {
  arn: { "Fn::GetAtt": string[] };
  batchSize?: number;
  maximumConcurrency?: number;
  functionResponseType?: string;
}

/**
 * Reads serverless.yml and infra/queues.yml for a stage.
 * @param root the folder that holds serverless.yml
 */
export function readService(root: string, stage: string): Service {
  const raw = load(join(root, "serverless.yml")) as Document;
  const params = { ...raw.params["default"], ...raw.params[stage] };
  const variables = new Map<string, unknown>([
    ["self:service", raw.service],
    ["sls:stage", stage],
    ...Object.entries(params).map(([name, value]) => [`param:${name}`, value] as const),
  ]);
  const { functions } = resolve(raw, variables) as Document;
  const { Resources } = resolve(load(join(root, "infra/queues.yml")), variables) as {
    Resources: Record<string, { Properties: Properties }>;
  };
  return {
    name: raw.service,
    stage,
    region: String(params["region"]),
    queues: Object.fromEntries(Object.entries(Resources).map(([id, { Properties }]) => [id, Properties])),
    eventSources: Object.entries(functions).flatMap(([key, { events }]) =>
      (events ?? []).flatMap(({ sqs }) =>
        sqs === undefined ? [] : [eventSource(`${raw.service}-${stage}-${key}`, sqs)],
      ),
    ),
  };
}

function eventSource(functionName: string, event: SqsEvent): EventSourceMapping {
  return {
    functionName,
    queue: event.arn["Fn::GetAtt"][0] ?? "",
    batchSize: event.batchSize ?? 10,
    // AWS has no limit by default; this machine needs one.
    maximumConcurrency: event.maximumConcurrency ?? 10,
    partialAnswers: event.functionResponseType === "ReportBatchItemFailures",
  };
}

const tags: ScalarTag[] = [
  { tag: "!Ref", resolve: (id) => ({ Ref: id }) },
  { tag: "!GetAtt", resolve: (path) => ({ "Fn::GetAtt": path.split(".") }) },
  { tag: "!Sub", resolve: (text) => ({ "Fn::Sub": text }) },
];

function load(path: string): unknown {
  return parse(readFileSync(path, "utf8"), { customTags: tags });
}

/** Puts in the values of the variables that are known; a text that is nothing but a variable takes its type. */
function resolve(node: unknown, variables: ReadonlyMap<string, unknown>): unknown {
  if (typeof node === "string") return resolveText(node, variables);
  if (Array.isArray(node)) return node.map((item) => resolve(item, variables));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value, variables)]));
}

function resolveText(text: string, variables: ReadonlyMap<string, unknown>): unknown {
  const whole = /^\$\{([^}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined && variables.has(whole)) return variables.get(whole);
  return text.replaceAll(/\$\{([^}]+)\}/g, (found, name) => String(variables.get(name) ?? found));
}
