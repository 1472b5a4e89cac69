import type { Resource } from "../template.ts";
import type { Metric } from "./metric.ts";

/** An alarm on one metric, or on a figure that is calculated from several. */
export interface Alarm {
  /** The end of its name; its beginning is the stack's. */
  readonly name: string;
  /** What it means and what to do. */
  readonly description: string;
  readonly metric: Metric | Calculation;
  /** What the figure must not be. */
  readonly when: { readonly above: number } | { readonly below: number };
  /** Length of a period, in seconds. */
  readonly period: number;
  /** Periods that are looked at; default: the last one. */
  readonly periods?: number;
  /** In how many of them the figure has to be so; default: in all. */
  readonly inPeriods?: number;
  /** What a period without any measurement is; default: `fine`. */
  readonly nothing?: "fine" | "alarming";
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export interface Calculation {
  readonly expression: string;
  readonly label: string;
  /** The metrics by their names in the expression. */
  readonly of: Readonly<Record<string, Metric>>;
}

/** The resource for an alarm. @param topicArn who is told that it began and that it is over; undefined = nobody */
export function alarmResource(alarm: Alarm, prefix: string, topicArn: string | undefined): Resource {
  const { name, description, metric, when, period, periods = 1, inPeriods, nothing = "fine" } = alarm;
  const actions = topicArn === undefined ? [] : [topicArn];
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmName: `${prefix}-${name}`,
      AlarmDescription: description,
      AlarmActions: actions,
      OKActions: actions,
      ...("expression" in metric ? calculated(metric, period) : measured(metric, period)),
      ComparisonOperator: "above" in when ? "GreaterThanThreshold" : "LessThanThreshold",
      Threshold: "above" in when ? when.above : when.below,
      EvaluationPeriods: periods,
      ...(inPeriods !== undefined && { DatapointsToAlarm: inPeriods }),
      TreatMissingData: nothing === "fine" ? "notBreaching" : "breaching",
    },
  };
}

function measured({ namespace, name, dimensions, statistic }: Metric, period: number): object {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: listed(dimensions),
    Statistic: statistic,
    Period: period,
  };
}

function calculated({ expression, label, of }: Calculation, period: number): object {
  const queries = Object.entries(of).map(([id, { namespace, name, dimensions, statistic }]) => ({
    Id: id,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: name, Dimensions: listed(dimensions) },
      Period: period,
      Stat: statistic,
    },
    ReturnData: false,
  }));
  return { Metrics: [...queries, { Id: "figure", Label: label, Expression: expression, ReturnData: true }] };
}

function listed(dimensions: Metric["dimensions"]): object[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
