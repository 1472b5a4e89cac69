import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClosers } from "../../infra/local/closers.ts";
import { type FunctionKey, functionId, functionKeys } from "../../infra/template.ts";
import { type PackagedStack, packageStack } from "../support/package-stack.ts";
import { listed, statementsOf, target } from "../support/template.ts";

const closers = createClosers();
let stack: PackagedStack;
beforeAll(async () => {
  stack = await packageStack({ stage: "prod" }, closers);
});
afterAll(() => closers.close());

const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
/** What Lambda calls in the name of a function that has a queue. */
const polls = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
const reads = ["secretsmanager:GetSecretValue"];

/** Everything that a function's role may do, and on what. */
const permissions = {
  webhook: {
    WebhookSecret: reads,
    LiveQueue: ["sqs:SendMessage"],
    WebhookLogGroup: logs,
  },
  consumer: {
    CredentialsSecret: reads,
    LiveQueue: [...polls, "sqs:ChangeMessageVisibility"],
    LiveDeadQueue: ["sqs:SendMessage"],
    BackfillQueue: ["sqs:SendMessage"],
    ConsumerLogGroup: logs,
  },
  backfill: {
    CredentialsSecret: reads,
    WebhookSecret: reads,
    BackfillQueue: [...polls, "sqs:ChangeMessageVisibility", "sqs:SendMessage"],
    BackfillLogGroup: logs,
  },
  resync: {
    CredentialsSecret: reads,
    BackfillQueue: [
      "sqs:SendMessage",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
    ],
    // Where Lambda puts an invocation that failed three times.
    ResyncDeadQueue: ["sqs:SendMessage"],
    ResyncLogGroup: logs,
  },
  setup: {
    CredentialsSecret: reads,
    WebhookSecret: [...reads, "secretsmanager:PutSecretValue"],
    SetupLogGroup: logs,
  },
};

/** The permission that a call of the AWS SDK needs. */
function actionOf(operation: string): string {
  return operation.endsWith("SecretValue")
    ? `secretsmanager:${operation}`
    : `sqs:${operation.replace(/Batch$/, "")}`;
}

it.each(functionKeys)("%s may do this and nothing else", (key) => {
  const role = target(stack.template.Resources[functionId(key)]?.Properties["Role"]);
  const granted: Record<string, string[]> = {};
  for (const { Effect, Action, Resource } of statementsOf(stack.template, role)) {
    expect(Effect).toBe("Allow");
    for (const resource of listed(Resource)) {
      const id = target(resource);
      granted[id] = [...(granted[id] ?? []), ...listed(Action)];
    }
  }
  expect(sorted(granted)).toEqual(sorted(permissions[key]));
});

it.each(functionKeys)("%s is allowed nothing that it does not call", async (key) => {
  const bundle = await readFile(join(await stack.unpack(key), `functions/${key}.mjs`), "utf8");
  // A command of the SDK, minified: a=class extends b(c,d,"SendMessage",e){}
  const calls = [...bundle.matchAll(/class extends [\w$]+\([\w$]+,[\w$]+,"(\w+)",[\w$]+\)/g)].map(
    ([, name = ""]) => actionOf(name),
  );
  expect(calls.length).toBeGreaterThan(0);
  const byLambda = new Set([...logs, ...(hasQueue(key) ? polls : [])]);
  const role = target(stack.template.Resources[functionId(key)]?.Properties["Role"]);
  const granted = statementsOf(stack.template, role).flatMap(({ Action }) => listed(Action));
  expect(granted.filter((action) => !calls.includes(action) && !byLambda.has(action))).toEqual([]);
});

function hasQueue(key: FunctionKey): boolean {
  return Object.values(stack.template.Resources).some(
    ({ Type, Properties }) =>
      Type === "AWS::Lambda::EventSourceMapping" && target(Properties["FunctionName"]) === functionId(key),
  );
}

function sorted(permissionsOn: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(permissionsOn).map(([id, actions]) => [id, actions.toSorted()]));
}
