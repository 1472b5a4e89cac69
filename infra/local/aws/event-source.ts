import { setTimeout as delay } from "node:timers/promises";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { doneRecords } from "./batch-answer.ts";
import type { Invoke } from "./invoke.ts";
import { deleteMessages, receiveMessages } from "./queue-messages.ts";
import type { EventSourceMapping } from "./service.ts";
import { createSlots } from "./slots.ts";
import { toEvents, toRecord } from "./sqs-event.ts";

export interface EventSourceOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly mapping: EventSourceMapping;
  readonly invoke: Invoke;
  /** Told of every invocation that failed, and of trouble with the queue. */
  readonly onError?: (error: unknown) => void;
}

export interface EventSource {
  /** Takes no more messages and waits for the invocations that are under way. */
  stop(): Promise<void>;
}

const troubleWaitMs = 1000;

/** Plays Lambda's event source mapping: brings a queue's messages to a function and deletes those it is done with. */
export function startEventSource(options: EventSourceOptions): EventSource {
  const { client, queueUrl, queueArn, mapping, onError = () => {} } = options;
  const stopped = new AbortController();
  const slots = createSlots(mapping.maximumConcurrency);
  const underWay = new Set<Promise<void>>();

  async function poll(): Promise<void> {
    while (!stopped.signal.aborted) {
      // Only with a slot at hand, so that no message waits invisibly for its turn.
      const release = await slots.take();
      const records = await receive();
      const work = workOff(toEvents(records)).catch(onError).finally(release);
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    }
  }

  async function receive() {
    try {
      const messages = await receiveMessages(client, queueUrl, mapping.batchSize, stopped.signal);
      return messages.map((message) => toRecord(message, queueArn));
    } catch (error) {
      if (stopped.signal.aborted) return [];
      onError(error);
      await delay(troubleWaitMs, undefined, { signal: stopped.signal }).catch(() => {});
      return [];
    }
  }

  /** One after the other, as the events of one receive may share a group. */
  async function workOff(events: readonly SQSEvent[]): Promise<void> {
    for (const event of events) await workOffOne(event);
  }

  async function workOffOne(event: SQSEvent): Promise<void> {
    const answer = await options.invoke(mapping.functionName, event);
    const done = mapping.partialAnswers ? doneRecords(event.Records, answer) : event.Records;
    await deleteMessages(client, queueUrl, done);
  }

  const polling = poll();
  return {
    async stop() {
      stopped.abort();
      await polling;
      await Promise.all(underWay);
    },
  };
}
