import { writeLine } from "./log.ts";

/** Every metric that the functions emit, with its CloudWatch unit. */
export const metricUnits = {
  received: "Count",
  rejected: "Count",
  ignored: "Count",
  queued: "Count",
  created: "Count",
  upserted: "Count",
  unchanged: "Count",
  older: "Count",
  deleted: "Count",
  deadLettered: "Count",
  withheld: "Count",
  failed: "Count",
  retried: "Count",
  portCalls: "Count",
  bitbucketCalls: "Count",
  lag: "Milliseconds",
} as const;

export type MetricName = keyof typeof metricUnits;
/** Sums for counts; for `lag` the single values, in ms. */
export type Metrics = Partial<Record<MetricName, number | readonly number[]>>;

/**
 * Emits metrics in CloudWatch's embedded metric format: one line of JSON, no call to AWS.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emitMetrics(functionName: string, metrics: Metrics): void {
  const names = (Object.keys(metrics) as MetricName[]).filter((name) => !isEmpty(metrics[name]));
  if (names.length === 0) return;
  writeLine({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: "BitbucketPortSync",
          Dimensions: [["function"]],
          Metrics: names.map((Name) => ({ Name, Unit: metricUnits[Name] })),
        },
      ],
    },
    function: functionName,
    ...Object.fromEntries(names.map((name) => [name, metrics[name]])),
  });
}

function isEmpty(value: number | readonly number[] | undefined): boolean {
  return value === undefined || value === 0 || (Array.isArray(value) && value.length === 0);
}
