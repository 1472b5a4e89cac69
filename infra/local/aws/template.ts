import { join } from "node:path";
import { fillIn, readYaml } from "./serverless-yaml.ts";
import type { EventSourceMapping, Properties, Service } from "./service.ts";

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
  const raw = readYaml(join(root, "serverless.yml")) as Document;
  const params = { ...raw.params["default"], ...raw.params[stage] };
  const variables = new Map<string, unknown>([
    ["self:service", raw.service],
    ["sls:stage", stage],
    ...Object.entries(params).map(([name, value]) => [`param:${name}`, value] as const),
  ]);
  const { functions } = fillIn(raw, variables) as Document;
  const { Resources } = fillIn(readYaml(join(root, "infra/queues.yml")), variables) as {
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
