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
  /** Definition files in which something is wrong, each time that they are synced. */
  gitopsFaults: "Count",
  withheld: "Count",
  failed: "Count",
  problems: "Count",
  webhooksFailed: "Count",
  retried: "Count",
  portCalls: "Count",
  portThrottled: "Count",
  bitbucketCalls: "Count",
  bitbucketThrottled: "Count",
  lag: "Milliseconds",
  waited: "Milliseconds",
} as const;

export type MetricName = keyof typeof metricUnits;
/** Sums for counts; for times the single values, in ms. */
export type Metrics = Partial<Record<MetricName, number | readonly number[]>>;

/** As in AWS's own metrics of functions, so that stages in one account are told apart. */
const dimension = "FunctionName";

/**
 * Emits metrics of this function in CloudWatch's embedded metric format: one line of JSON, no call to AWS.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emitMetrics(metrics: Metrics): void {
  const names = (Object.keys(metrics) as MetricName[]).filter((name) => !isEmpty(metrics[name]));
  if (names.length === 0) return;
  writeLine({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: "BitbucketPortSync",
          Dimensions: [[dimension]],
          Metrics: names.map((Name) => ({ Name, Unit: metricUnits[Name] })),
        },
      ],
    },
    [dimension]: process.env["AWS_LAMBDA_FUNCTION_NAME"] ?? "",
    ...Object.fromEntries(names.map((name) => [name, metrics[name]])),
  });
}

function isEmpty(value: number | readonly number[] | undefined): boolean {
  return value === undefined || value === 0 || (Array.isArray(value) && value.length === 0);
}
