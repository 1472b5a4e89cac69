import { everything, type Grant } from "./grant.ts";

/** Functions, with what starts them and where they log. */
export const functionGrants: readonly Grant[] = [
  {
    sid: "Functions",
    types: ["AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Lambda::EventInvokeConfig"],
    // InvokeFunction is for setup and resyncs by hand.
    actions: [
      "CreateFunction",
      "GetFunction",
      "GetFunctionConfiguration",
      "GetFunctionCodeSigningConfig",
      "GetFunctionRecursionConfig",
      "GetFunctionScalingConfig",
      "GetRuntimeManagementConfig",
      "UpdateFunctionCode",
      "UpdateFunctionConfiguration",
      "DeleteFunction",
      "PutFunctionConcurrency",
      "DeleteFunctionConcurrency",
      "ListVersionsByFunction",
      "TagResource",
      "UntagResource",
      "ListTags",
      "AddPermission",
      "RemovePermission",
      "GetPolicy",
      "GetFunctionEventInvokeConfig",
      "PutFunctionEventInvokeConfig",
      "UpdateFunctionEventInvokeConfig",
      "DeleteFunctionEventInvokeConfig",
      "InvokeFunction",
    ].map(lambda),
    on: ({ arn, prefix }) => [arn("lambda", `function:${prefix}-*`)],
  },
  {
    sid: "Polling",
    types: ["AWS::Lambda::EventSourceMapping"],
    actions: [
      "CreateEventSourceMapping",
      "GetEventSourceMapping",
      "UpdateEventSourceMapping",
      "DeleteEventSourceMapping",
    ].map(lambda),
    on: everything,
    condition: ({ arn, prefix }) => ({
      ArnLike: { "lambda:FunctionArn": arn("lambda", `function:${prefix}-*`) },
    }),
  },
  {
    sid: "PollingTags",
    types: ["AWS::Lambda::EventSourceMapping"],
    actions: ["TagResource", "UntagResource", "ListTags"].map(lambda),
    on: ({ arn }) => [arn("lambda", "event-source-mapping:*")],
  },
  {
    sid: "Schedule",
    types: ["AWS::Scheduler::Schedule"],
    actions: ["CreateSchedule", "GetSchedule", "UpdateSchedule", "DeleteSchedule"].map(
      (action) => `scheduler:${action}`,
    ),
    on: ({ arn, prefix }) => [arn("scheduler", `schedule/default/${prefix}-*`)],
  },
  {
    sid: "Queues",
    types: ["AWS::SQS::Queue"],
    actions: [
      "CreateQueue",
      "GetQueueUrl",
      "GetQueueAttributes",
      "SetQueueAttributes",
      "DeleteQueue",
      "TagQueue",
      "UntagQueue",
      "ListQueueTags",
    ].map((action) => `sqs:${action}`),
    on: ({ arn, prefix }) => [arn("sqs", `${prefix}-*`)],
  },
  {
    sid: "Api",
    types: [
      "AWS::ApiGatewayV2::Api",
      "AWS::ApiGatewayV2::Stage",
      "AWS::ApiGatewayV2::Route",
      "AWS::ApiGatewayV2::Integration",
    ],
    actions: ["GET", "POST", "PUT", "PATCH", "DELETE"].map((action) => `apigateway:${action}`),
    // An API has an id and no name in its ARN.
    on: ({ arn }) =>
      ["/apis", "/apis/*", "/tags/*"].map((path) => arn("apigateway", path).replace(":*:", "::")),
  },
];

function lambda(action: string): string {
  return `lambda:${action}`;
}
