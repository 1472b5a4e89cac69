import { everything, type Grant } from "./grant.ts";

/** Logs, alarms and the dashboard. */
export const watchGrants: readonly Grant[] = [
  {
    sid: "Logs",
    types: ["AWS::Logs::LogGroup", "AWS::Logs::MetricFilter"],
    actions: [
      "CreateLogGroup",
      "DeleteLogGroup",
      "PutRetentionPolicy",
      "DeleteRetentionPolicy",
      "TagResource",
      "UntagResource",
      "ListTagsForResource",
      "GetDataProtectionPolicy",
      "DescribeIndexPolicies",
      "DescribeLogStreams",
      "FilterLogEvents",
      "PutMetricFilter",
      "DescribeMetricFilters",
      "DeleteMetricFilter",
    ].map(logs),
    on: ({ arn, prefix }) =>
      [`/aws/lambda/${prefix}-*`, `/aws/http-api/${prefix}`, `/aws/http-api/${prefix}:*`].map((name) =>
        arn("logs", `log-group:${name}`),
      ),
  },
  {
    sid: "AccessLog",
    types: ["AWS::Logs::LogGroup", "AWS::ApiGatewayV2::Stage"],
    actions: [
      "DescribeLogGroups",
      "CreateLogDelivery",
      "GetLogDelivery",
      "UpdateLogDelivery",
      "DeleteLogDelivery",
      "ListLogDeliveries",
      "PutResourcePolicy",
      "DescribeResourcePolicies",
    ].map(logs),
    on: everything,
  },
  {
    sid: "Alarms",
    types: ["AWS::CloudWatch::Alarm"],
    actions: [
      "PutMetricAlarm",
      "DescribeAlarms",
      "DeleteAlarms",
      "TagResource",
      "UntagResource",
      "ListTagsForResource",
    ].map(cloudwatch),
    on: ({ arn, prefix }) => [arn("cloudwatch", `alarm:${prefix}-*`)],
  },
  {
    sid: "Dashboard",
    types: ["AWS::CloudWatch::Dashboard"],
    actions: ["PutDashboard", "GetDashboard", "DeleteDashboards"].map(cloudwatch),
    on: ({ global, prefix }) => [global("cloudwatch", `dashboard/${prefix}`)],
  },
];

function logs(action: string): string {
  return `logs:${action}`;
}

function cloudwatch(action: string): string {
  return `cloudwatch:${action}`;
}
