import type { Resource } from "../template.ts";
import type { Metric } from "./metric.ts";

/** An alarm on one metric, or on a sum of metrics. */
export interface Alarm {
  /** The end of its name; its beginning is the stack's. */
  readonly name: string;
  /** What it means and what to do. */
  readonly description: string;
  readonly metric: Metric;
  /** Alarms above it. */
  readonly above: number;
  /** Length of a period, in seconds. */
  readonly period: number;
  /** Periods in a row that have to be above; default: 1. */
  readonly periods?: number;
}

/** The resource for an alarm. Nothing measured is taken for nothing wrong. */
export function alarmResource(alarm: Alarm, prefix: string, topicArn: string | undefined): Resource {
  const { metric } = alarm;
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      ...heading(alarm, prefix, topicArn),
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: dimensions(metric),
      Statistic: metric.statistic,
      Period: alarm.period,
      EvaluationPeriods: alarm.periods ?? 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: alarm.above,
      TreatMissingData: "notBreaching",
    },
  };
}

/** What every alarm has: its name, what to do, and who is told that it began and that it is over. */
export function heading(
  { name, description }: Pick<Alarm, "name" | "description">,
  prefix: string,
  topicArn: string | undefined,
): object {
  const actions = topicArn === undefined ? [] : [topicArn];
  return {
    AlarmName: `${prefix}-${name}`,
    AlarmDescription: description,
    AlarmActions: actions,
    OKActions: actions,
  };
}

export function dimensions({ dimensions: named }: Metric): object[] {
  return Object.entries(named).map(([Name, Value]) => ({ Name, Value }));
}
