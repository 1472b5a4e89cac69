import { type FunctionKey, functionId } from "../template.ts";

/** A metric as alarms name it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: "Sum" | "Maximum";
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** Lambda's own metric of a function. */
export function lambdaMetric(key: FunctionKey, name: string): Metric {
  const dimensions = { FunctionName: { Ref: functionId(key) } };
  return { namespace: "AWS/Lambda", name, statistic: "Sum", dimensions };
}

/** A metric that a function emits: see lib/aws/metrics.ts. */
export function ownMetric(key: FunctionKey, name: string, statistic: Metric["statistic"] = "Sum"): Metric {
  return { ...lambdaMetric(key, name), namespace: "BitbucketPortSync", statistic };
}

/** A metric of a queue, by the queue's logical id. */
export function queueMetric(queue: string, name: string): Metric {
  const dimensions = { QueueName: { "Fn::GetAtt": [queue, "QueueName"] } };
  return { namespace: "AWS/SQS", name, statistic: "Maximum", dimensions };
}

/** A metric of the HTTP API. */
export function apiMetric(namespace: string, name: string): Metric {
  return { namespace, name, statistic: "Sum", dimensions: { ApiId: { Ref: "HttpApi" } } };
}
