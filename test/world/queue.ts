import { randomUUID } from "node:crypto";
import type { Pending } from "../../lib/queue/queue.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface QueueOptions {
  readonly visibilitySeconds: number;
  readonly maxReceives: number;
}

/** What is put into a queue. */
export interface Outgoing {
  readonly body: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What comes out of it. */
export interface Incoming {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  readonly groupId: string;
  readonly receiveCount: number;
  readonly sentAt: number;
}

/** An SQS FIFO queue within the world. */
export interface WorldQueue {
  send(message: Outgoing): Promise<void>;
  sendAll(messages: readonly Outgoing[]): Promise<void>;
  hide(messages: readonly { receiptHandle: string; seconds: number }[]): Promise<void>;
  receive(most: number): Incoming[];
  takeWaiting(seconds: number): Promise<readonly Incoming[]>;
  discard(messages: readonly { receiptHandle: string }[]): Promise<void>;
  remove(id: string): void;
  /** All that is in it, hidden or not. */
  all(): readonly Outgoing[];
  size(): number;
  pending(): Promise<Pending>;
  /** Messages that were received too often. */
  readonly dead: readonly Outgoing[];
}

interface Held extends Outgoing {
  readonly id: string;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
}

const deduplicationMs = 5 * 60_000;

/** A FIFO queue: messages of one group come in order, and none while an earlier one is hidden. */
export function createWorldQueue(clock: VirtualClock, options: QueueOptions): WorldQueue {
  let held: Held[] = [];
  const seen = new Map<string, number>();
  const dead: Outgoing[] = [];

  function add(message: Outgoing): void {
    clock.stir();
    const now = clock.now();
    const token = message.deduplicationId && `${message.groupId} ${message.deduplicationId}`;
    if (token) {
      if (now - (seen.get(token) ?? Number.NEGATIVE_INFINITY) < deduplicationMs) return;
      seen.set(token, now);
    }
    held.push({ ...message, id: randomUUID(), sentAt: now, visibleAt: now, receiveCount: 0 });
  }

  function take(message: Held): Incoming | undefined {
    message.receiveCount++;
    if (message.receiveCount > options.maxReceives) {
      dead.push(message);
      held = held.filter((one) => one !== message);
      return undefined;
    }
    message.visibleAt = clock.now() + options.visibilitySeconds * 1000;
    const { id, body, receiveCount, sentAt, groupId = id } = message;
    return { id, body, receiptHandle: id, groupId, receiveCount, sentAt };
  }

  return {
    dead,
    async send(message) {
      add(message);
    },
    async sendAll(messages) {
      for (const message of messages) add(message);
    },
    async hide(messages) {
      for (const { receiptHandle, seconds } of messages) {
        const message = held.find(({ id }) => id === receiptHandle);
        if (message !== undefined) message.visibleAt = clock.now() + seconds * 1000;
      }
    },
    async takeWaiting(seconds) {
      const taken = this.receive(Number.POSITIVE_INFINITY);
      await this.hide(taken.map(({ receiptHandle }) => ({ receiptHandle, seconds })));
      return taken;
    },
    async discard(messages) {
      for (const { receiptHandle } of messages) this.remove(receiptHandle);
    },
    receive(most) {
      const now = clock.now();
      const isHidden = ({ visibleAt }: Held) => visibleAt > now;
      const blocked = new Set(held.filter(isHidden).map(({ groupId }) => groupId));
      const free = held.filter((one) => !isHidden(one) && !blocked.has(one.groupId));
      return free
        .slice(0, most)
        .map(take)
        .filter((message) => message !== undefined);
    },
    remove(id) {
      clock.stir();
      held = held.filter((one) => one.id !== id);
    },
    all: () => held,
    size: () => held.length,
    async pending() {
      const inFlight = held.filter(({ visibleAt }) => visibleAt > clock.now()).length;
      return { waiting: held.length - inFlight, inFlight };
    },
  };
}
