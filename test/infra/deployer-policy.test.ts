import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployerPolicies, type Policy } from "../../infra/deployer-policy.ts";
import { createClosers } from "../../infra/local/closers.ts";
import {
  type PackagedStack,
  packageStack,
  projectRoot,
  type TemplateResource,
} from "../support/package-stack.ts";
import { allows, type Question } from "../support/policy.ts";

const closers = createClosers();
afterAll(() => closers.close());
const account = "123456789012";
const boundary = `arn:aws:iam::${account}:policy/bounds`;
const random = "1A2B3C4D5E6F7";

/** As it comes, and with all that changes what a deployment takes. */
const variants = [
  ["plain", "prod", {}],
  [
    "full",
    `pr-${"1".repeat(17)}`,
    {
      permissionsBoundaryArn: boundary,
      iamRoleNamePrefix: "x-",
      vpcSubnetIds: "subnet-0123456789abcdef0",
      vpcSecurityGroupIds: "sg-0123456789abcdef0",
      tracing: "true",
      webhookReservedConcurrency: "50",
    },
  ],
] as const;

/** What CloudFormation does to a resource of each type in the deployer's name: makes, changes, tags, deletes it. */
const calls: Readonly<Record<string, readonly string[]>> = {
  "AWS::ApiGatewayV2::Api": ["apigateway:POST", "apigateway:PATCH", "apigateway:GET", "apigateway:DELETE"],
  "AWS::ApiGatewayV2::Integration": ["apigateway:POST", "apigateway:PATCH", "apigateway:DELETE"],
  "AWS::ApiGatewayV2::Route": ["apigateway:POST", "apigateway:PATCH", "apigateway:DELETE"],
  "AWS::ApiGatewayV2::Stage": ["apigateway:POST", "apigateway:PATCH", "apigateway:DELETE"],
  "AWS::CloudWatch::Alarm": [
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:TagResource",
    "cloudwatch:DeleteAlarms",
  ],
  "AWS::CloudWatch::Dashboard": [
    "cloudwatch:PutDashboard",
    "cloudwatch:GetDashboard",
    "cloudwatch:DeleteDashboards",
  ],
  "AWS::IAM::Policy": ["iam:PutRolePolicy", "iam:DeleteRolePolicy"],
  "AWS::IAM::Role": [
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:TagRole",
    "iam:DeleteRole",
  ],
  "AWS::Lambda::EventInvokeConfig": [
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:DeleteFunctionEventInvokeConfig",
  ],
  "AWS::Lambda::EventSourceMapping": [
    "lambda:CreateEventSourceMapping",
    "lambda:UpdateEventSourceMapping",
    "lambda:DeleteEventSourceMapping",
  ],
  "AWS::Lambda::Function": [
    "lambda:CreateFunction",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:PutFunctionConcurrency",
    "lambda:TagResource",
    "lambda:DeleteFunction",
    "lambda:InvokeFunction",
  ],
  "AWS::Lambda::Permission": ["lambda:AddPermission", "lambda:RemovePermission"],
  "AWS::Logs::LogGroup": [
    "logs:CreateLogGroup",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:DeleteLogGroup",
  ],
  "AWS::Logs::MetricFilter": ["logs:PutMetricFilter", "logs:DeleteMetricFilter"],
  "AWS::S3::Bucket": [
    "s3:CreateBucket",
    "s3:PutEncryptionConfiguration",
    "s3:PutBucketPublicAccessBlock",
    "s3:DeleteBucket",
  ],
  "AWS::S3::BucketPolicy": ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
  "AWS::SQS::Queue": ["sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:DeleteQueue"],
  "AWS::Scheduler::Schedule": [
    "scheduler:CreateSchedule",
    "scheduler:UpdateSchedule",
    "scheduler:DeleteSchedule",
  ],
  "AWS::SecretsManager::Secret": [
    "secretsmanager:CreateSecret",
    "secretsmanager:TagResource",
    "secretsmanager:PutSecretValue",
    "secretsmanager:DeleteSecret",
  ],
};

describe.each(variants)("the policy for whoever deploys (%s)", (_, stage, params) => {
  const prefix = `bitbucket-port-sync-${stage}`;
  let stack: PackagedStack;
  let policies: Record<string, Policy>;
  beforeAll(async () => {
    stack = await packageStack({ stage, params }, closers);
    const read = async (name: string) =>
      JSON.parse(await readFile(join(stack.folder, `${name}.json`), "utf8")) as Policy;
    policies = { access: await read("deployer-access"), resources: await read("deployer-resources") };
  });
  const may = (question: Question) => Object.values(policies).some((policy) => allows(policy, question));

  it("lets everything that the template has be made, changed and removed", () => {
    for (const [id, resource] of Object.entries(stack.template.Resources)) {
      expect(calls, `what it takes to deploy a ${resource.Type}`).toHaveProperty([resource.Type]);
      for (const action of calls[resource.Type] ?? []) {
        expect(may(asked(action, id, resource, stack, prefix)), `${action} on ${id}`).toBe(true);
      }
    }
  });

  it("and nothing of another stack", () => {
    for (const [id, resource] of Object.entries(stack.template.Resources)) {
      // An API's ARN has no name in it.
      if (resource.Type.startsWith("AWS::ApiGatewayV2")) continue;
      for (const action of calls[resource.Type] ?? []) {
        const question = asked(action, id, resource, stack, prefix);
        const foreign = JSON.parse(
          JSON.stringify(question).replaceAll("bitbucket-port-sync", "somebody-else"),
        ) as Question;
        expect(may(foreign), `${action} on ${foreign.resource}`).toBe(false);
      }
    }
  });

  it("passes the stack's roles on to Lambda and Scheduler, and to nobody else", () => {
    const resource = roleArn(prefix, "WebhookRole", stack.template.Resources["WebhookRole"]);
    const pass = (service: string, role = resource) =>
      may({ action: "iam:PassRole", resource: role, context: { "iam:PassedToService": service } });
    expect(pass("lambda.amazonaws.com")).toBe(true);
    expect(pass("scheduler.amazonaws.com")).toBe(true);
    expect(pass("ec2.amazonaws.com")).toBe(false);
    expect(pass("lambda.amazonaws.com", `arn:aws:iam::${account}:role/admin`)).toBe(false);
  });

  it("makes no role without the boundary, where there is one, and takes none away", () => {
    const resource = roleArn(prefix, "WebhookRole", stack.template.Resources["WebhookRole"]);
    const isBounded = "permissionsBoundaryArn" in params;
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]) {
      expect(may({ action, resource, context: {} }), action).toBe(!isBounded);
      expect(may({ action, resource, context: { "iam:PermissionsBoundary": boundary } })).toBe(true);
    }
    const context = { "iam:PermissionsBoundary": boundary };
    expect(may({ action: "iam:DeleteRolePermissionsBoundary", resource, context })).toBe(false);
  });

  it("names no action by a pattern, and everything only where AWS takes no other resource", () => {
    for (const { Sid, Action, Resource } of Object.values(policies).flatMap(({ Statement }) => Statement)) {
      expect(Action.join(), Sid).not.toContain("*");
      if (Resource === "*")
        expect(["Template", "RandomSecret", "Polling", "AccessLog", "Network"]).toContain(Sid);
    }
  });

  it("is small enough for IAM", () => {
    for (const policy of Object.values(policies)) {
      expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6144);
    }
  });

  it.runIf(stage === "prod")("stands in OPERATIONS.md as packaging writes it", async () => {
    const operations = await readFile(join(projectRoot, "OPERATIONS.md"), "utf8");
    for (const name of ["deployer-access", "deployer-resources"]) {
      const written = await readFile(join(stack.folder, `${name}.json`), "utf8");
      expect(operations).toContain(`\`.serverless/${name}.json\`\n\n\`\`\`json\n${written}\`\`\`\n`);
    }
  });
});

it("stops the packaging for a type of which it does not know what it takes", () => {
  const resources = { Topic: { Type: "AWS::SNS::Topic" } };
  const stack = {
    prefix: "x",
    region: "eu-west-1",
    permissionsBoundaryArn: undefined,
    iamRoleNamePrefix: undefined,
  };
  expect(() => deployerPolicies(resources, stack)).toThrow(
    "infra/deployer does not say what it takes to deploy AWS::SNS::Topic",
  );
});

/** A call on a resource as it will be named in the account. */
function asked(
  action: string,
  id: string,
  resource: TemplateResource,
  { template }: PackagedStack,
  prefix: string,
): Question {
  const { Type, Properties } = resource;
  const region = "eu-west-1";
  const own = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  const functionArn = own("lambda", `function:${prefix}-consumer`);
  const bucket = `arn:aws:s3:::${`${prefix.slice(0, 24)}-serverlessdeploymentbuck-${random}`.toLowerCase()}`;
  const context = { "iam:PermissionsBoundary": boundary, "lambda:FunctionArn": functionArn };
  const arns: Readonly<Record<string, string>> = {
    "AWS::CloudWatch::Alarm": own("cloudwatch", `alarm:${Properties["AlarmName"]}`),
    "AWS::CloudWatch::Dashboard": `arn:aws:cloudwatch::${account}:dashboard/${Properties["DashboardName"]}`,
    "AWS::IAM::Policy": roleArn(prefix, "WebhookRole", template.Resources["WebhookRole"]),
    "AWS::IAM::Role": roleArn(prefix, id, resource),
    "AWS::Lambda::EventInvokeConfig": functionArn,
    "AWS::Lambda::EventSourceMapping": own("lambda", `event-source-mapping:${random}`),
    "AWS::Lambda::Function": own("lambda", `function:${Properties["FunctionName"]}`),
    "AWS::Lambda::Permission": functionArn,
    "AWS::Logs::LogGroup": own("logs", `log-group:${Properties["LogGroupName"]}:log-stream:`),
    "AWS::Logs::MetricFilter": own("logs", `log-group:/aws/http-api/${prefix}:*`),
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": bucket,
    "AWS::SQS::Queue": own("sqs", Properties["QueueName"]),
    "AWS::Scheduler::Schedule": own("scheduler", `schedule/default/${Properties["Name"]}`),
    "AWS::SecretsManager::Secret": own("secretsmanager", `secret:${Properties["Name"]}-AbCdEf`),
  };
  return { action, resource: arns[Type] ?? `arn:aws:apigateway:${region}::/apis/${random}`, context };
}

/** CloudFormation names roles itself where the template does not. */
function roleArn(prefix: string, id: string, role: TemplateResource | undefined): string {
  const whole = `${prefix}-${id}-${random}`;
  const made = whole.length > 64 ? `${prefix.slice(0, 24)}-${id.slice(0, 24)}-${random}` : whole;
  return `arn:aws:iam::${account}:role/${role?.Properties["RoleName"] ?? made}`;
}
