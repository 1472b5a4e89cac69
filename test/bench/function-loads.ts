import { toRecord } from "../../infra/local/aws/sqs-event.ts";
import type { DemoSizes } from "../../infra/local/simulators/bitbucket/server.ts";
import { parseEvent } from "../../lib/bitbucket/events.ts";
import type { JsonObject } from "../../lib/json.ts";
import { liveMessage } from "../../lib/queue/live-message.ts";
import { delivery } from "./delivery.ts";
import { isQueued } from "./webhook.ts";
import { interleaved, lives } from "./workload.ts";

/** What a function is given to do in a container's life. */
export interface Load {
  /** Its key in serverless.yml. */
  readonly key: string;
  /** What Bitbucket has. */
  readonly demo: DemoSizes;
  readonly events: readonly object[];
  /** What its work is counted in, and how many of them it does: in all events but the first, if there are several. */
  readonly unit: string;
  readonly each: number;
  readonly isGood: (answer: unknown) => boolean;
}

const few: DemoSizes = { projects: 2, repositoriesPerProject: 2, pullRequestsPerRepository: 2, users: 6 };
const many: DemoSizes = { projects: 60, repositoriesPerProject: 4, pullRequestsPerRepository: 1, users: 60 };
const large: DemoSizes = {
  projects: 1,
  repositoriesPerProject: 100,
  pullRequestsPerRepository: 100,
  users: 60,
};
const batchSize = 10;
/** Of a description, in characters: with it a delivery is near the most that API Gateway lets through. */
const longest = 5_000_000;

export function loads(): Load[] {
  const told = interleaved(lives(200));
  const batches = Array.from({ length: told.length / batchSize }, (_, index) =>
    batch(told.slice(index * batchSize, (index + 1) * batchSize)),
  );
  return [
    {
      key: "webhook",
      demo: few,
      events: [...told, longEvent(told[0] ?? {})].map(delivery),
      unit: "event",
      each: told.length,
      isGood: isQueued,
    },
    {
      key: "consumer",
      demo: few,
      events: batches,
      unit: "event",
      each: told.length - batchSize,
      isGood: isAllDone,
    },
    {
      key: "backfill",
      demo: large,
      events: [{ Records: [record(JSON.stringify({ project: "MOPP", state: "ALL" }), 0)] }],
      unit: "pull request",
      each: 10_000,
      isGood: isAllDone,
    },
    { key: "resync", demo: many, events: [{}], unit: "project", each: 60, isGood: hasProjects },
    { key: "setup", demo: many, events: [{}], unit: "project", each: 60, isGood: isOk },
  ];
}

function longEvent(payload: JsonObject): JsonObject {
  const pullRequest = payload["pullRequest"] as JsonObject;
  return { ...payload, pullRequest: { ...pullRequest, description: "x".repeat(longest) } };
}

/** A batch as Lambda hands it over. */
function batch(payloads: readonly JsonObject[]): object {
  return {
    Records: payloads.map((payload, index) => {
      const parsed = parseEvent(payload);
      if (!("event" in parsed)) throw new Error("not an event");
      const { body, groupId } = liveMessage(parsed.event, JSON.stringify(payload), undefined, Date.now());
      return record(body, index, groupId);
    }),
  };
}

function record(body: string, index: number, groupId?: string): object {
  const attributes = {
    ApproximateReceiveCount: "1",
    SentTimestamp: String(Date.now()),
    ...(groupId && { MessageGroupId: groupId }),
  };
  const message = {
    MessageId: `message-${index}`,
    ReceiptHandle: `receipt-${index}`,
    Body: body,
    Attributes: attributes,
  };
  return toRecord(message, "arn:aws:sqs:eu-west-1:000000000000:queue");
}

function isAllDone(answer: unknown): boolean {
  return (answer as { batchItemFailures?: unknown[] }).batchItemFailures?.length === 0;
}

function hasProjects(answer: unknown): boolean {
  return (answer as { projects?: number }).projects === 60;
}

function isOk(answer: unknown): boolean {
  return (answer as { ok?: boolean }).ok === true;
}
