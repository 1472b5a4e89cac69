import {
  type BitbucketData,
  type BitbucketSimulatorOptions,
  bitbucketDemoPassword,
  bitbucketDemoToken,
  bitbucketDemoUsername,
  demoData,
  type Moved,
} from "../../infra/local/simulators/bitbucket/server.ts";
import type { PortSimulatorOptions } from "../../infra/local/simulators/port/server.ts";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { resync } from "../../lib/backfill/resync.ts";
import { workOff } from "../../lib/backfill/work.ts";
import { type BitbucketClient, createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { syncEvents } from "../../lib/live/sync-events.ts";
import type { Backlog } from "../../lib/queue/backlog.ts";
import type { Message, Queue } from "../../lib/queue/queue.ts";
import type { Received } from "../../lib/queue/received.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import type { Outcome } from "../../lib/sync/outcomes.ts";
import { blueprintNames, type Catalog, fieldsOf, keyOf, textOf } from "../world/catalog.ts";
import { expectedCatalog } from "../world/expected.ts";
import { type BackfillHarness, startBackfill } from "./backfill.ts";
import { understood } from "./live.ts";

/** The ways in which the old address of something renamed or moved answers. */
export const ways: readonly Moved[] = ["404", "follow", "302", "302-web", "500"];
/** Which answers say whose the credentials are. */
export const headers = ["always", "basic-only", "never"] as const;

export const bearer = `Bearer ${bitbucketDemoToken}`;
export const basic = `Basic ${Buffer.from(`${bitbucketDemoUsername}:${bitbucketDemoPassword}`).toString("base64")}`;

/**
 * Two projects with two repositories each, two pull requests in each of those: little enough to be deleted. No two of
 * them were created at the same time.
 */
export function small(): BitbucketData {
  const data = demoData({ projects: 2, repositoriesPerProject: 2, pullRequestsPerRepository: 2, users: 3 });
  for (const { repositories } of data.projects.values()) {
    for (const { id, pullRequests } of repositories.values()) {
      const later = id * 1_234_567;
      for (const pull of pullRequests.values()) {
        const { createdDate, updatedDate, closedDate } = pull;
        const closed = closedDate === undefined ? {} : { closedDate: closedDate + later };
        Object.assign(pull, {
          createdDate: createdDate + later,
          updatedDate: updatedDate + later,
          ...closed,
        });
      }
    }
  }
  return data;
}

/** Both sides, all ways from one to the other, and the question whether Port has what is in Bitbucket. */
export interface Truth extends BackfillHarness {
  /** What Port has otherwise than Bitbucket; empty when the catalog is true. */
  wrong(): string[];
  /** A client that does not try again, as a container of its own has it. */
  client(authorization?: string, timeoutMs?: number): BitbucketClient;
  /** A whole run by the function's messages: what it named, and what was never done. */
  messages(overrides?: Partial<BackfillContext>, request?: object): Promise<MessagesDone>;
  /** A container of the consumer, which takes batches of payloads, as they come out of the simulator. */
  container(
    authorization?: string,
    timeoutMs?: number,
  ): (...payloads: readonly object[]) => Promise<readonly Outcome[]>;
  /** Works off the backfills that the consumers asked for so far. */
  workOffAsked(): Promise<MessagesDone>;
  /** Identifiers in Port. */
  ids(blueprint: string): string[];
}

export interface MessagesDone {
  /** How often each message came, in the order in which they ended. */
  readonly deliveries: readonly number[];
  /** Those that were given up. */
  readonly left: readonly string[];
  readonly notes: readonly string[];
}

/** A message that comes more often than this stays for ever. */
const mostDeliveries = 12;

export async function startTruth(
  options: {
    bitbucket?: BitbucketSimulatorOptions;
    port?: PortSimulatorOptions;
    mapping?: string;
    /** What there should be; unless given, by the default mapping. */
    expected?: (data: BitbucketData, base: string) => Catalog;
  } = {},
): Promise<Truth> {
  const harness = await startBackfill({ ...options, bitbucket: { data: small(), ...options.bitbucket } });
  const { bitbucket, live } = harness;
  const base = options.bitbucket?.linkBase ?? bitbucket.url;

  const client = (authorization = bearer, timeoutMs = 15_000) =>
    createBitbucketClient(
      { host: bitbucket.url, authorization, concurrency: 8 },
      { maxWaitMs: 50, retries: 0, timeoutMs },
    );

  async function workAll(bodies: string[], overrides: Partial<BackfillContext>): Promise<MessagesDone> {
    const waiting = bodies.map((body) => ({ body, receiveCount: 0 }));
    const done = { deliveries: [] as number[], left: [] as string[], notes: [] as string[] };
    const queue: Queue = {
      send: async ({ body }) => void waiting.push({ body, receiveCount: 0 }),
      sendAll: async (more) => void waiting.push(...more.map(({ body }) => ({ body, receiveCount: 0 }))),
      pending: async () => ({ waiting: waiting.length, inFlight: 1 }),
      hide: async () => undefined,
    };
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { body } = next;
      const receiveCount = next.receiveCount + 1;
      const message: Received = {
        id: "m",
        body,
        receiptHandle: "r",
        groupId: "m",
        receiveCount,
        sentAt: Date.now(),
      };
      const context = harness.context({ bitbucket: client(), ...overrides, notes: done.notes });
      const stays = await workOff(message, queue, context);
      if (!stays) done.deliveries.push(receiveCount);
      else if (receiveCount < mostDeliveries) waiting.push({ body, receiveCount });
      else done.left.push(body);
    }
    return done;
  }

  const entities = (blueprint: string) => live.simulator.entities(blueprint);

  return {
    ...harness,
    client,
    ids: (blueprint) =>
      entities(blueprint)
        .map(({ identifier }) => identifier)
        .toSorted(),
    wrong() {
      const expected = (options.expected ?? expectedCatalog)(bitbucket.data, base);
      const found = blueprintNames.flatMap((blueprint) =>
        entities(blueprint).map((it) => ({ ...it, blueprint })),
      );
      const there = new Map(found.map((entity) => [keyOf(entity), fieldsOf(entity)]));
      const missing = [...expected].filter(([key, { optional }]) => !there.has(key) && !optional);
      const differing = [...expected].flatMap(([key, { fields }]) => {
        const own = there.get(key);
        if (own === undefined) return [];
        const names = Object.keys({ ...fields, ...own });
        const other = names.filter((name) => textOf(fields[name]) !== textOf(own[name]));
        return other.map((name) => `${key}: ${name} is ${textOf(own[name])}, not ${textOf(fields[name])}`);
      });
      const extra = [...there.keys()].filter((key) => !expected.has(key));
      return [
        ...missing.map(([key]) => `missing: ${key}`),
        ...differing,
        ...extra.map((key) => `extra: ${key}`),
      ];
    },
    async messages(overrides = {}, request = {}) {
      const bodies: string[] = [];
      const queue = {
        sendAll: async (more: readonly Message[]) => void bodies.push(...more.map(({ body }) => body)),
        takeWaiting: async () => [],
        hide: async () => undefined,
        discard: async () => undefined,
      } as unknown as Queue & Backlog;
      await resync(request, queue, harness.context({ bitbucket: client(), ...overrides }));
      return workAll(bodies, overrides);
    },
    container(authorization, timeoutMs) {
      const context = {
        ...live.context,
        bitbucket: client(authorization, timeoutMs),
        memory: createMemory(),
      };
      return async (...payloads) => {
        const events = payloads.map((payload, index) => ({
          deliveryId: `d-${index}`,
          acceptedAt: Date.now(),
          deliveries: 1,
          event: understood(payload as Parameters<typeof understood>[0]),
        }));
        return (await syncEvents(events, context)).outcomes;
      };
    },
    async workOffAsked() {
      const asked = live.backfills.splice(0).map((message) => JSON.stringify(message));
      return workAll(asked, {});
    },
  };
}
