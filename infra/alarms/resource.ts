import type { Resource } from "../template.ts";
import type { Alarm, Calculation } from "./alarm.ts";
import type { Metric } from "./metric.ts";

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
