import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Stack } from "../../infra/local/stack.ts";
import type { Asked, Machine } from "./machine.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const counted = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** The product as `npm start` runs it: fauxqs for SQS, serverless-offline for API Gateway and Lambda. */
export function stackMachine(stack: Stack): Machine {
  const { client, urls } = stack.queues;

  async function sizeOf(queue: string): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: urls[queue], AttributeNames: [...counted] });
    const { Attributes = {} } = await client.send(command);
    return counted.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  async function take(queue: string) {
    const all: { readonly reason: string; readonly body: string }[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: urls[queue],
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
        }),
      );
      if (Messages.length === 0) return all;
      for (const { Body = "", MessageAttributes } of Messages)
        all.push({ reason: MessageAttributes?.["reason"]?.StringValue ?? "received too often", body: Body });
    }
  }

  return {
    async deliver(payload, requestId) {
      const body = JSON.stringify(payload);
      const signature = createHmac("sha256", stack.secret ?? "")
        .update(body)
        .digest("hex");
      const response = await fetch(`${stack.url}/webhook`, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "x-event-key": String((payload as { eventKey?: string }).eventKey),
          "x-request-id": requestId,
          "x-hub-signature": `sha256=${signature}`,
        },
        body,
      });
      await response.arrayBuffer();
      return response.status;
    },
    async resync(asked) {
      await stack.invoke("resync", asked);
    },
    backfill: (asked) => backfillCommand(asked, stack.env),
    isIdle: async () => (await sizeOf("LiveQueue")) === 0 && (await sizeOf("BackfillQueue")) === 0,
    async left() {
      const [live, backfill] = [await sizeOf("LiveQueue"), await sizeOf("BackfillQueue")];
      return [`${live} messages in LiveQueue`, `${backfill} messages in BackfillQueue`];
    },
    dead: async () => [...(await take("LiveDeadQueue")), ...(await take("BackfillDeadQueue"))],
    stop: () => stack.stop(),
  };
}

async function backfillCommand(asked: Asked, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const flags = [
    ...(asked.projects === undefined ? [] : ["--projects", asked.projects.join(",")]),
    ...(asked.state === undefined ? [] : ["--state", asked.state]),
    ...(asked.allowMassDelete ? ["--allow-mass-delete"] : []),
  ];
  const child = spawn(process.execPath, ["lib/commands/backfill.ts", "--json", ...flags], {
    cwd: root,
    env: { ...process.env, ...env, MAX_DELETE_PERCENT: "100" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await once(child, "close");
  const last = said.trim().split("\n").at(-1) ?? "";
  try {
    return (JSON.parse(last) as { problems: string[] }).problems;
  } catch {
    return [`the command failed: ${last.slice(0, 300)}`];
  }
}
