import type { Resource } from "../template.ts";
import { dimensions, heading } from "./alarm.ts";
import { lambdaMetric, type Metric } from "./metric.ts";

const alarm = {
  name: "resync-missing",
  description:
    "No resync has ended well within twice its interval. Is the schedule on (EventBridge Scheduler)? Search the " +
    "resync's log and look into resync-dead; mend the cause and start one by hand (osls invoke -f resync).",
};

/** Periods that an alarm looks back on can be an hour long, up to a week in all. */
const hourSeconds = 3600;

/**
 * An alarm for runs that do not happen: in every hour of twice the interval, no invocation that was without an error.
 * Hours without any are missing data.
 * @param intervalMinutes what is between two runs
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function resyncMissing(
  intervalMinutes: number,
  prefix: string,
  topicArn: string | undefined,
): Resource {
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      ...heading(alarm, prefix, topicArn),
      Metrics: [
        query("invocations", lambdaMetric("resync", "Invocations")),
        query("errors", lambdaMetric("resync", "Errors")),
        { Id: "runs", Label: "Runs that ended well", Expression: "invocations - errors", ReturnData: true },
      ],
      EvaluationPeriods: Math.max(1, Math.ceil((2 * intervalMinutes) / 60)),
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      TreatMissingData: "breaching",
    },
  };
}

function query(id: string, metric: Metric): object {
  return {
    Id: id,
    MetricStat: {
      Metric: { Namespace: metric.namespace, MetricName: metric.name, Dimensions: dimensions(metric) },
      Period: hourSeconds,
      Stat: metric.statistic,
    },
    ReturnData: false,
  };
}
