import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClosers } from "../../infra/local/closers.ts";
import { packageStack, projectRoot, type Template } from "../support/package-stack.ts";
import { listed, resourcesOf, statementsOf, target } from "../support/template.ts";

/** As it comes, and with everything switched on. */
const variants = {
  plain: {},
  full: {
    bitbucketHost: "https://bitbucket.example.org",
    vpcSubnetIds: "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
    vpcSecurityGroupIds: "sg-0123456789abcdef0",
    tracing: "true",
    webhookReservedConcurrency: "50",
    alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:operators",
  },
};

/**
 * Those of what an HTTP API can log that tell nothing of a request's body and headers.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const httpApiVariables = [
  "$context.apiId",
  "$context.dataProcessed",
  "$context.error.message",
  "$context.identity.sourceIp",
  "$context.integrationLatency",
  "$context.requestId",
  "$context.requestTime",
  "$context.responseLatency",
  "$context.routeKey",
  "$context.status",
];

describe.each(Object.entries(variants))("the packaged template (%s)", (variant, params) => {
  const closers = createClosers();
  let template: Template;
  beforeAll(async () => {
    ({ template } = await packageStack({ stage: "prod", params }, closers));
  });
  afterAll(() => closers.close());
  const all = (type: string) => resourcesOf(template, type);
  const functions = () => all("AWS::Lambda::Function");
  const queues = () => all("AWS::SQS::Queue");
  const deadLetterQueues = () => queues().filter(([id]) => id.endsWith("DeadQueue"));

  it("encrypts every queue and lets it take 1 MiB", () => {
    expect(queues()).toHaveLength(5);
    for (const [id, { Properties }] of queues()) {
      expect(Properties, id).toMatchObject({ SqsManagedSseEnabled: true, MaximumMessageSize: 1_048_576 });
    }
  });

  it("gives every queue a dead-letter queue of 14 days, of its own kind, that takes messages of it alone", () => {
    const sources = queues().filter(([id]) => !id.endsWith("DeadQueue"));
    expect(sources.map(([id]) => id)).toEqual(["LiveQueue", "BackfillQueue"]);
    for (const [id, { Properties }] of sources) {
      const deadId = target(Properties["RedrivePolicy"].deadLetterTargetArn);
      const dead = template.Resources[deadId]?.Properties;
      expect(dead, id).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
      expect(dead?.["FifoQueue"], id).toBe(Properties["FifoQueue"]);
      expect(dead?.["RedriveAllowPolicy"]).toMatchObject({ redrivePermission: "byQueue" });
      expect(JSON.stringify(dead?.["RedriveAllowPolicy"].sourceQueueArns)).toContain(Properties["QueueName"]);
      expect(Properties["RedrivePolicy"].maxReceiveCount).toBeGreaterThanOrEqual(100);
    }
  });

  it("has both queues in high-throughput mode, and their dead-letter queues too", () => {
    for (const id of ["LiveQueue", "LiveDeadQueue", "BackfillQueue", "BackfillDeadQueue"]) {
      expect(template.Resources[id]?.Properties).toMatchObject({
        FifoQueue: true,
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
      });
    }
  });

  it("hides a message for six times as long as its function may run, and asks for partial answers", () => {
    const mappings = all("AWS::Lambda::EventSourceMapping");
    expect(mappings).toHaveLength(2);
    for (const [, { Properties }] of mappings) {
      const queue = template.Resources[target(Properties["EventSourceArn"])]?.Properties;
      const timeout = template.Resources[target(Properties["FunctionName"])]?.Properties["Timeout"];
      expect(queue?.["VisibilityTimeout"]).toBeGreaterThanOrEqual(6 * timeout);
      expect(Properties["FunctionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
      expect(Properties["ScalingConfig"].MaximumConcurrency).toBeGreaterThanOrEqual(2);
    }
  });

  it("gives up a message that crashes its function before the message's own retention ends", () => {
    for (const id of ["LiveQueue", "BackfillQueue"]) {
      const queue = template.Resources[id]?.Properties;
      const seconds = queue?.["VisibilityTimeout"] * queue?.["RedrivePolicy"].maxReceiveCount;
      expect(seconds, id).toBeLessThan(queue?.["MessageRetentionPeriod"]);
    }
  });

  it("runs every function on arm64 and Node.js 24, with a log group that is kept for a while", () => {
    expect(functions()).toHaveLength(5);
    for (const [id, { Properties, DependsOn }] of functions()) {
      expect(Properties, id).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"] });
      const group = all("AWS::Logs::LogGroup").find(
        ([, log]) => log.Properties["LogGroupName"] === `/aws/lambda/${Properties["FunctionName"]}`,
      );
      expect(DependsOn, id).toContain(group?.[0]);
    }
    for (const [id, { Properties }] of all("AWS::Logs::LogGroup")) {
      expect(Properties["RetentionInDays"], id).toBe(90);
    }
  });

  it("logs requests to the API without bodies and headers, and limits their rate", () => {
    const stage = template.Resources["HttpApiStage"]?.Properties;
    const format = JSON.parse(stage?.["AccessLogSettings"].Format) as Record<string, string>;
    expect(Object.values(format)).toContain("$context.status");
    // Others are refused when the stack is deployed.
    expect(Object.values(format).filter((value) => !httpApiVariables.includes(value))).toEqual([]);
    // What the metric of throttled requests is made from.
    expect(format).toMatchObject({ apiId: "$context.apiId", status: "$context.status" });
    expect(stage?.["DefaultRouteSettings"]).toMatchObject({
      ThrottlingRateLimit: 200,
      ThrottlingBurstLimit: 200,
    });
  });

  it("lets each function's own role do what it names, with * only where AWS has no other form", () => {
    const roles = functions().map(([, { Properties }]) => target(Properties["Role"]));
    expect(new Set(roles).size).toBe(5);
    const wildcards: string[] = [];
    for (const [id, { Properties }] of all("AWS::IAM::Role")) {
      expect(JSON.stringify(Properties["AssumeRolePolicyDocument"]), id).toMatch(
        /"Service":"(lambda|scheduler)\.amazonaws\.com"/,
      );
      for (const statement of statementsOf(template, id)) {
        expect(listed(statement.Action).join(), id).not.toContain("*");
        if (statement.Effect !== "Allow" || !JSON.stringify(statement.Resource).includes("*")) continue;
        expect(statement.Resource, id).toBe("*");
        wildcards.push(...listed(statement.Action));
      }
    }
    // Neither network interfaces that Lambda has yet to make nor X-Ray have a resource to name.
    expect(
      wildcards.filter((action) => !/^(ec2:.*(NetworkInterface|Subnets|PrivateIp)|xray:Put)/.test(action)),
    ).toEqual([]);
    if (variant === "plain") expect(wildcards).toEqual([]);
  });

  it("has no secret's value in it, and generates the webhook's", () => {
    const secrets = all("AWS::SecretsManager::Secret").map(
      ([id, { Properties }]) => [id, Properties] as const,
    );
    expect(Object.fromEntries(secrets)).toMatchObject({
      // Anything that changes here makes CloudFormation replace what operators have filled in, or Bitbucket signs with.
      WebhookSecret: { GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true } },
      CredentialsSecret: { SecretString: "{}" },
    });
    const names = functions().flatMap(([, { Properties }]) =>
      Object.keys(Properties["Environment"].Variables),
    );
    expect(
      names.filter((name) => /SECRET|TOKEN|PASSWORD|CLIENT/.test(name) && !name.endsWith("_SECRET_ID")),
    ).toEqual([]);
  });

  it("watches every dead-letter queue and every function", () => {
    const watched = all("AWS::CloudWatch::Alarm").map(([, { Properties }]) => JSON.stringify(Properties));
    const has = (metric: string, id: string) =>
      watched.some((alarm) => alarm.includes(`"MetricName":"${metric}"`) && alarm.includes(`"${id}"`));
    expect(deadLetterQueues()).toHaveLength(3);
    for (const [id] of deadLetterQueues())
      expect(has("ApproximateNumberOfMessagesVisible", id), id).toBe(true);
    for (const id of ["LiveQueue", "BackfillQueue"]) {
      expect(has("ApproximateAgeOfOldestMessage", id), id).toBe(true);
    }
    for (const [id] of functions()) {
      expect(has("Errors", id), id).toBe(true);
      expect(has("Throttles", id), id).toBe(true);
    }
    for (const metric of [
      "5xx",
      "throttled",
      "rejected",
      "withheld",
      "problems",
      "waited",
      "webhooksFailed",
    ]) {
      expect(
        watched.some((alarm) => alarm.includes(`"MetricName":"${metric}"`)),
        metric,
      ).toBe(true);
    }
  });

  it("says in each alarm's description what to do, and tells the topic when it begins and when it is over", () => {
    const topic = "alarmTopicArn" in params ? [params.alarmTopicArn] : [];
    for (const [id, { Properties }] of all("AWS::CloudWatch::Alarm")) {
      expect(Properties, id).toMatchObject({ AlarmActions: topic, OKActions: topic });
      expect(Properties["AlarmDescription"], id).toMatch(/[Ss]earch|[Rr]ead|[Rr]aise|[Mm]end|start/);
      expect(Properties["AlarmDescription"].length, id).toBeLessThanOrEqual(1024);
    }
  });

  it("has a word on each alarm in OPERATIONS.md", async () => {
    const runbook = await readFile(join(projectRoot, "OPERATIONS.md"), "utf8");
    for (const [, { Properties }] of all("AWS::CloudWatch::Alarm")) {
      const name = Properties["AlarmName"].replace("bitbucket-port-sync-prod-", "");
      expect(runbook).toMatch(new RegExp(`^\\| .*\`${name}\``, "m"));
    }
  });

  it("tries a resync that fails again, and then puts it where an alarm sees it", () => {
    const [, config] = all("AWS::Lambda::EventInvokeConfig")[0] ?? [];
    expect(target(config?.Properties["FunctionName"])).toBe("ResyncLambdaFunction");
    expect(target(config?.Properties["DestinationConfig"].OnFailure.Destination)).toBe("ResyncDeadQueue");
    const schedule = template.Resources["ResyncSchedule"]?.Properties["Target"];
    expect(target(schedule.DeadLetterConfig.Arn)).toBe("ResyncDeadQueue");
    expect(schedule.RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(target(schedule.RoleArn)).toBe("ScheduleRole");
  });

  it("has no proxy on the way out unless one is set", () => {
    const none = { HTTPS_PROXY: "", NO_PROXY: "", NODE_USE_ENV_PROXY: "" };
    expect(template.Resources["SetupLambdaFunction"]?.Properties["Environment"].Variables).toMatchObject(
      none,
    );
  });

  it("puts out where everything is", () => {
    const values = JSON.stringify(Object.values(template.Outputs));
    for (const [id] of [...queues(), ...functions()]) expect(values).toContain(`{"Ref":"${id}"}`);
    expect(JSON.stringify(template.Outputs["WebhookUrl"]?.Value)).toContain("/webhook");
  });
});
