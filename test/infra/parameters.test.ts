import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { createClosers } from "../../infra/local/closers.ts";
import { type PackagedStack, packageStack, projectRoot, runOsls } from "../support/package-stack.ts";
import { caCertificate } from "../support/private-ca.ts";
import { resourcesOf } from "../support/template.ts";

const closers = createClosers();
afterAll(() => closers.close());

test("every bad parameter is named, all at once, when the stack is packaged", async () => {
  const params = {
    bitbucketHost: "bitbucket.example.org",
    portApiUrl: "api.example.org",
    projectsFilter: "A,,B",
    personalProjects: "some",
    pullRequestState: "closed",
    mapping: "infra/port/nowhere.yml",
    isVersion87OrOlder: "perhaps",
    bitbucketConcurrency: "0",
    maxDeletePercent: "101",
    webhookUrl: "ftp://hooks.example.org",
    caFile: "infra/nowhere.pem",
    httpsProxy: "socks5://ann:hush-hush@proxy.example.org",
    noProxy: "example.org,10.0.0.0/8",
    vpcSubnetIds: "net-1",
    permissionsBoundaryArn: "arn:aws:iam::123456789012:role/developers",
    iamRoleNamePrefix: "team/x",
    tags: "Stage=prod,team=platform,Team=other",
    resyncRate: "rate(1 week)",
    resyncState: "on",
    consumerConcurrency: "1",
    backfillConcurrency: "1001",
    webhookReservedConcurrency: "none",
    apiRateLimit: "0",
    apiBurstLimit: "many",
    alarmTopicArn: "operators",
    tracing: "Active",
    logLevel: "loud",
    logRetentionDays: "8",
    bitbucketHots: "https://bitbucket.example.org",
  };
  const said = String(
    await packageStack({ stage: "prod", params }, closers).catch((error: unknown) => error),
  );
  for (const name of Object.keys(params)) expect(said).toMatch(new RegExp(`- ${name}:? `));
  expect(said).toContain("vpcSecurityGroupIds is not set, but vpcSubnetIds is");
  // After the command line, which repeats what was given.
  expect(said.slice(said.indexOf("\n"))).not.toContain("hush-hush");
  expect(said).toContain("tags sets stage, which is the stack's own");
  expect(said).toContain("tags has a key twice");
  expect(said).toContain("bitbucketHots is not a parameter of serverless.yml");
});

/** Puts another text into serverless.yml. */
function replacing(part: string, by: string) {
  return async (root: string) => {
    const path = join(root, "serverless.yml");
    const text = await readFile(path, "utf8");
    expect(text).toContain(part);
    await writeFile(path, text.replace(part, by));
  };
}
const ownBlock = "  prod:\n";

test("a parameter that was emptied is named", async () => {
  const change = replacing("resyncRate: rate(6 hours)", 'resyncRate: ""');
  const said = packageStack({ stage: "prod", change }, closers);
  await expect(said).rejects.toThrow(/- resyncRate is not set/);
});

test("a part of another stack is named, as nothing can be said about its value", async () => {
  const change = replacing(ownBlock, `${ownBlock}    alarmTopicArn: !ImportValue operators\n`);
  const said = packageStack({ stage: "prod", change }, closers);
  await expect(said).rejects.toThrow(/- alarmTopicArn is neither a text nor a list of texts/);
});

test("a topic of another region is named, as CloudWatch would refuse it, and lists may be lists", async () => {
  const lists =
    "    vpcSubnetIds: [subnet-0123456789abcdef0]\n    vpcSecurityGroupIds: [sg-0123456789abcdef0]\n";
  const params = { alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:operators" };
  const change = replacing(ownBlock, `${ownBlock}${lists}`);
  const said = String(await packageStack({ stage: "prod", change, params }, closers).catch(String));
  expect(said).toContain("- alarmTopicArn is not in the stack's region, eu-west-1");
  expect(said).not.toContain("vpc");
});

test("without a word about Bitbucket the stack is packaged whole, and cannot be deployed", async () => {
  const { template } = await packageStack({ stage: "prod" }, closers);
  expect(template.Resources["ResyncSchedule"]?.Properties).toMatchObject({
    ScheduleExpression: "rate(360 minutes)",
    State: "ENABLED",
  });
  expect(template.Resources["ResyncMissingAlarm"]?.Properties["EvaluationPeriods"]).toBe(12);
  await expect(runOsls(["deploy"], projectRoot, closers)).rejects.toThrow("bitbucketHost is not set");
});

test("a stack that only takes events has nothing to schedule, and no alarm that waits for it", async () => {
  const { template } = await packageStack({ stage: "prod", params: { bitbucketHost: "none" } }, closers);
  expect(template.Resources["ResyncSchedule"]?.Properties["State"]).toBe("DISABLED");
  expect(template.Resources["ResyncMissingAlarm"]).toBeUndefined();
  expect(template.Resources["ConsumerLambdaFunction"]?.Properties["Environment"]).toMatchObject({
    Variables: { BITBUCKET_HOST: "" },
  });
});

describe("parameters of every kind", () => {
  let stack: PackagedStack;
  beforeAll(async () => {
    const change = async (root: string) => {
      await writeFile(join(root, "infra/ca.pem"), caCertificate);
      await cp(join(root, "infra/port/mappings/default.yml"), join(root, "infra/mine.yml"));
    };
    const params = {
      bitbucketHost: "https://bitbucket.example.org/bitbucket",
      portApiUrl: "https://api.us.getport.io/v1",
      projectsFilter: "MOPP,SHOP",
      pullRequestState: " ALL", // as a slip of the hand has it
      mapping: "infra/mine.yml",
      isVersion87OrOlder: "true",
      bitbucketConcurrency: "3",
      maxDeletePercent: "5",
      webhookUrl: "https://hooks.example.org/webhook",
      caFile: "infra/ca.pem",
      httpsProxy: "proxy.example.org:3128",
      noProxy: "amazonaws.com",
      permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/bounds/developers",
      iamRoleNamePrefix: "x",
      tags: "team=platform, cost-center=4711=a,owner=",
      vpcSubnetIds: "subnet-0123456789abcdef0, subnet-0123456789abcdef1",
      vpcSecurityGroupIds: "sg-0123456789abcdef0",
      resyncRate: "rate(1 hour)",
      resyncState: "ENABLED",
      consumerConcurrency: "7",
      backfillConcurrency: "3",
      webhookReservedConcurrency: "50",
      apiRateLimit: "30",
      apiBurstLimit: "60",
      alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:operators",
      tracing: "true",
      logLevel: "debug",
      logRetentionDays: "365",
    };
    stack = await packageStack({ stage: "prod", params, change }, closers);
  });
  const properties = (id: string) => stack.template.Resources[id]?.Properties ?? {};
  const variables = (id: string) => properties(id)["Environment"].Variables as Record<string, unknown>;

  it("reach the functions that use them", () => {
    const shared = {
      BITBUCKET_HOST: "https://bitbucket.example.org/bitbucket",
      PORT_API_URL: "https://api.us.getport.io/v1",
      MAPPING: "infra/mine.yml",
      NODE_EXTRA_CA_CERTS: "/var/task/infra/ca.pem",
      HTTPS_PROXY: "http://proxy.example.org:3128",
      NO_PROXY: "localhost,127.0.0.1,[::1],amazonaws.com,.amazonaws.com",
      NODE_USE_ENV_PROXY: "1",
      LOG_LEVEL: "debug",
    };
    expect(variables("ConsumerLambdaFunction")).toMatchObject(shared);
    for (const key of ["Backfill", "Resync", "Setup"]) {
      expect(variables(`${key}LambdaFunction`)).toMatchObject({
        ...shared,
        BITBUCKET_PROJECTS_FILTER: "MOPP,SHOP",
        BITBUCKET_CONCURRENCY: "3",
        PULL_REQUEST_STATE: "ALL",
        MAX_DELETE_PERCENT: "5",
        IS_VERSION_8_7_OR_OLDER: "true",
        WEBHOOK_URL: "https://hooks.example.org/webhook",
      });
    }
  });

  it("shape the schedule, the limits, the logs and the alarms", () => {
    expect(properties("ResyncSchedule")).toMatchObject({
      ScheduleExpression: "rate(60 minutes)",
      State: "ENABLED",
    });
    expect(properties("BackfillProblemsAlarm")).toMatchObject({ EvaluationPeriods: 2, DatapointsToAlarm: 1 });
    expect(properties("ResyncMissingAlarm")).toMatchObject({
      EvaluationPeriods: 2,
      TreatMissingData: "breaching",
    });
    expect(properties("BackfillAgeAlarm")).toMatchObject({ Threshold: 3600 }); // seconds
    expect(properties("BackfillWaitingAlarm")).toMatchObject({ Threshold: 3_600_000 }); // ms
    expect(properties("ConsumerEventSourceMappingSQSLiveQueue")["ScalingConfig"]).toEqual({
      MaximumConcurrency: 7,
    });
    expect(properties("BackfillEventSourceMappingSQSBackfillQueue")["ScalingConfig"]).toEqual({
      MaximumConcurrency: 3,
    });
    expect(properties("WebhookLambdaFunction")["ReservedConcurrentExecutions"]).toBe(50);
    expect(properties("HttpApiStage")["DefaultRouteSettings"]).toMatchObject({
      ThrottlingRateLimit: 30,
      ThrottlingBurstLimit: 60,
    });
    expect(properties("WebhookLogGroup")["RetentionInDays"]).toBe(365);
    expect(stack.template.Outputs["WebhookUrl"]?.Value).toBe("https://hooks.example.org/webhook");
  });

  it("put those functions that talk to Bitbucket into the VPC, and let them nothing else than before", () => {
    const network = {
      SubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      SecurityGroupIds: ["sg-0123456789abcdef0"],
    };
    for (const key of ["Consumer", "Backfill", "Resync", "Setup"]) {
      expect(properties(`${key}LambdaFunction`)["VpcConfig"]).toEqual(network);
    }
    expect(properties("WebhookLambdaFunction")["VpcConfig"]).toBeUndefined();
    const [allowed, denied] = properties("NetworkPolicy")["PolicyDocument"].Statement;
    // The functions' own code is denied what Lambda is allowed in their name.
    expect(denied).toMatchObject({ Effect: "Deny", Action: allowed.Action });
    expect(denied.Condition.ArnEquals["lambda:SourceFunctionArn"]).toHaveLength(4);
  });

  it("bound every role, name it as no other stage or region does, and tag everything", async () => {
    const roles = resourcesOf(stack.template, "AWS::IAM::Role");
    expect(roles).toHaveLength(6);
    for (const [id, { Properties }] of roles) {
      expect(Properties, id).toMatchObject({
        PermissionsBoundary: "arn:aws:iam::123456789012:policy/bounds/developers",
        RoleName: expect.stringMatching(/^xbitbucket-port-sync-prod-eu-west-1-[a-z]+$/),
      });
    }
    expect(properties("WebhookRole")["RoleName"]).toBe("xbitbucket-port-sync-prod-eu-west-1-webhook");
    expect(new Set(roles.map(([, { Properties }]) => Properties["RoleName"])).size).toBe(6);
    const own = { service: "bitbucket-port-sync", stage: "prod" };
    expect(await stack.tags()).toEqual({ ...own, team: "platform", "cost-center": "4711=a", owner: "" });
  });

  it("have every function traced", () => {
    for (const key of ["Webhook", "Consumer", "Backfill", "Resync", "Setup"]) {
      expect(properties(`${key}LambdaFunction`)["TracingConfig"]).toEqual({ Mode: "Active" });
      expect(stack.template.Resources[`${key}LambdaFunction`]?.DependsOn).toContain("TracingPolicy");
    }
  });

  it.each(["consumer", "backfill", "resync", "setup"])(
    "package the CA and the mapping into %s",
    async (key) => {
      const folder = await stack.unpack(key);
      expect(await readFile(join(folder, "infra/ca.pem"), "utf8")).toBe(caCertificate);
      expect(await readFile(join(folder, "infra/mine.yml"), "utf8")).toContain("resources:");
    },
  );
});
