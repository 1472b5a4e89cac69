import type { Fault, Repository } from "../../../infra/local/simulators/bitbucket/server.ts";
import {
  type PortSimulator,
  portDemoClientId,
  portDemoClientSecret,
  type Write,
} from "../../../infra/local/simulators/port/server.ts";
import type { Blueprint as SimulatedBlueprint } from "../../../infra/local/simulators/port/types.ts";
import type { BackfillContext } from "../../../lib/backfill/context.ts";
import { createBitbucketClient } from "../../../lib/bitbucket/client.ts";
import { createBackfillDefinitions } from "../../../lib/gitops/backfill.ts";
import { createGitops } from "../../../lib/gitops/create.ts";
import { createLiveDefinitions } from "../../../lib/gitops/live.ts";
import type { JsonObject } from "../../../lib/json.ts";
import { syncEvents } from "../../../lib/live/sync-events.ts";
import { portPath } from "../../../lib/mapping/load.ts";
import { loadBlueprints } from "../../../lib/port/blueprints.ts";
import { createPortClient } from "../../../lib/port/client.ts";
import { zeroCounts } from "../../../lib/sync/counts.ts";
import { createMemory } from "../../../lib/sync/memory.ts";
import { type BackfillHarness, startBackfill } from "../../support/backfill.ts";
import { everyPortFile, serviceBlueprints } from "../../support/gitops.ts";
import { understood } from "../../support/live.ts";
import { bearer } from "../../support/truth.ts";
import { createRandom, type Random } from "../../world/random.ts";
import type { Act, History, Work } from "./acts.ts";
import { changing } from "./changing.ts";
import { wrongIn } from "./judging.ts";
import { nameOf, tipOf } from "./tips.ts";

/** Two servers in which one history after the other is lived through. */
export interface Stage {
  /** @returns what is wrong with how it went; empty when all is well */
  live(history: History): Promise<string[]>;
  close(): Promise<void>;
}

/** As many backfills until nothing is written any more. */
const mostBackfills = 3;
/** An event that fails more often when all faults are over goes to the dead letters. */
const mostDeliveries = 3;

export async function startStage(): Promise<Stage> {
  let onWrite: (write: Write) => void = () => {};
  const own = loadBlueprints(portPath("blueprints"), "default", true) as unknown as SimulatedBlueprint[];
  const world = await startBackfill({
    bitbucket: {
      data: {
        users: [],
        projects: new Map(),
        old: { projects: new Map(), repositories: new Map() },
        lastId: 0,
      },
    },
    port: { blueprints: [...own, ...serviceBlueprints], onWrite: (write) => onWrite(write) },
  });
  let count = 0;
  return {
    close: world.close,
    async live(history) {
      const life = createLife(world, history, ++count);
      onWrite = life.onWrite;
      try {
        return await life.all();
      } finally {
        onWrite = () => {};
        clear(world);
      }
    },
  };
}

function clear({ bitbucket, live: { simulator } }: BackfillHarness): void {
  simulator.setIntercept(undefined);
  bitbucket.setIntercept(undefined);
  for (const { identifier } of simulator.blueprints())
    for (const entity of simulator.entities(identifier)) simulator.remove(identifier, entity.identifier);
  for (const key of [...bitbucket.data.projects.keys()]) bitbucket.deleteProject(key);
  for (const calls of [bitbucket.calls, simulator.calls]) calls.length = 0;
}

function createLife(world: BackfillHarness, { acts, seed }: History, count: number) {
  const { bitbucket, live } = world;
  const { simulator } = live;
  const random = createRandom(seed);
  const prefix = `h${count}`;
  const keys = [`A${count}`, `B${count}`] as const;
  const wrong: string[] = [];
  const trace: string[] = [];
  const byHand = seed % 2 === 0 ? [`service:${prefix}-3`, `team:${prefix}-5`] : [];
  for (const name of byHand) putByHand(simulator, name);
  const change = changing(bitbucket, keys, prefix);
  const events: JsonObject[] = [];
  const leaving = new Set<string>();
  /** The tips that a push or a backfill brought, by the repository's number. */
  const seen = new Map<number, string>();
  const otherDefault = new Set<number>();
  let writes = 0;
  let share = 0;
  let due: { after: number; happen: () => void } | undefined;

  const client = () =>
    createBitbucketClient(
      { host: bitbucket.url, authorization: bearer, concurrency: 8 },
      { maxWaitMs: 50, retries: 0 },
    );
  const port = () =>
    createPortClient(
      { apiUrl: simulator.url, clientId: portDemoClientId, clientSecret: portDemoClientSecret },
      { maxWaitMs: 50, retries: 0, concurrency: 10 },
    );
  // Of a process of their own: after a 429 a client rests for a while.
  const clients = () => ({ bitbucket: client(), port: port() });
  const containers = [0, 1].map(() => container());

  function container() {
    const context = { ...live.context, ...clients(), memory: createMemory() };
    const gitops = createGitops(everyPortFile, context);
    const definitionPushes = createLiveDefinitions(gitops, async (id) => void leaving.add(id));
    return { ...context, definitionPushes };
  }

  function onWrite({ action, blueprint, identifier, userAgent }: Write): void {
    if (userAgent === undefined) return;
    writes++;
    trace.push(`    ${action} ${blueprint} ${identifier}`);
    if (action !== "delete" || !identifier.startsWith(`${prefix}-`)) return;
    const name = `${blueprint}:${identifier}`;
    if (byHand.includes(name)) wrong.push(`${name} was there before and was deleted`);
    for (const repository of change.repositories()) {
      const tip = tipOf(repository);
      if (seen.get(repository.id) === tip.commit && tip.defined.has(name))
        wrong.push(`${name} was deleted although ${repository.slug} defines it`);
    }
    for (const { identifier: record, properties } of simulator.entities("bitbucketPortFile")) {
      const lists = [properties["entities"], properties["waiting"]] as (readonly string[] | undefined)[];
      if (lists.some((list) => list?.includes(name)))
        wrong.push(`${name} was deleted although ${record} claims it`);
    }
  }

  /** Counts calls until something happens beside them, and lets some of them fail. */
  function intercept(kinds: readonly Fault[]) {
    return (): Fault | undefined => {
      if (due !== undefined && due.after-- <= 0) {
        const { happen } = due;
        due = undefined;
        happen();
      }
      return random.next() * 100 < share ? pick(kinds, random) : undefined;
    };
  }
  bitbucket.setIntercept(intercept(bitbucketFaults));
  simulator.setIntercept(intercept(portFaults));

  async function hear(payloads: readonly JsonObject[], index: number): Promise<readonly JsonObject[]> {
    const before = tips();
    const used = containers[index] ?? container();
    const batch = payloads.map((payload, position) => ({
      deliveryId: `d-${position}`,
      acceptedAt: Date.now(),
      deliveries: 1,
      event: understood(payload),
    }));
    const { outcomes } = await syncEvents(batch, used);
    const done = payloads.filter((_, position) => outcomes[position]?.type === "done");
    for (const payload of done) {
      for (const repository of change.repositories()) {
        const { id, defaultBranch, git } = repository;
        const tip = git.branches.get(defaultBranch);
        const isIt = JSON.stringify(payload["changes"] ?? []).includes(`"${tip}"`);
        const isOf = (payload["repository"] as JsonObject | undefined)?.["id"] === id;
        if (isIt && isOf && tip !== undefined && before.get(id) === tip && !otherDefault.has(id))
          seen.set(id, tip);
      }
    }
    return payloads.filter((payload) => !done.includes(payload));
  }

  function tips(): Map<number, string | undefined> {
    return new Map(change.repositories().map((repository) => [repository.id, tipOf(repository).commit]));
  }

  function context(): BackfillContext {
    const given = world.context({
      ...clients(),
      counts: zeroCounts(true),
      projects: change.keys(),
      maxDeletePercent: 100,
      allowMassDelete: true,
    });
    return { ...given, definitionFiles: createBackfillDefinitions(createGitops(everyPortFile, given)) };
  }

  async function backfill(): Promise<void> {
    const before = tips();
    const { problems } = await world.run(context());
    trace.push(...problems.map((problem) => `    problem: ${problem}`));
    if (problems.length > 0) return;
    for (const [id, tip] of tips()) if (tip !== undefined && before.get(id) === tip) seen.set(id, tip);
  }

  async function sweep(): Promise<void> {
    const [only] = leaving;
    if (only === undefined) return;
    leaving.delete(only);
    try {
      await context().definitionFiles?.sweep({ only, maxDeletePercent: 100, allowMassDelete: true });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "RequestError") throw error;
      leaving.add(only);
    }
  }

  async function work(work: Work): Promise<void> {
    trace.push(`  ${JSON.stringify(work)}`);
    if (work.do === "sweep") return sweep();
    if (work.do === "backfill") {
      try {
        return await backfill();
      } catch (error) {
        // It cannot begin.
        if (!(error instanceof Error) || error.name !== "ConfigError") throw error;
        return;
      }
    }
    const indices = [work.event, ...(work.and === undefined ? [] : [work.and])];
    const taken = [...new Set(indices.map((index) => events[index % events.length]))].filter(
      (it) => it !== undefined,
    );
    if (taken.length === 0) return;
    for (const event of taken) if (!work.again) events.splice(events.indexOf(event), 1);
    const failed = await hear(taken, work.container);
    if (!work.again) events.push(...failed);
  }

  async function act(one: Act): Promise<void> {
    switch (one.do) {
      case "hear":
      case "backfill":
      case "sweep":
        return work(one);
      case "lose":
        events.splice(one.event % Math.max(events.length, 1), 1);
        return;
      case "faults":
        share = one.share;
        return;
      case "together": {
        due = { after: one.after, happen: () => happen(one.change) };
        await Promise.all(one.works.map(work));
        due = undefined;
        return;
      }
      default:
        happen(one);
    }
  }

  function happen(one: Extract<Act, { repo: number }>): void {
    trace.push(`  ${JSON.stringify(one)}`);
    if (one.do === "default") for (const { id } of change.repositories()) otherDefault.add(id);
    events.push(...change.happen(one));
  }

  /** All faults are over, what was told arrives, and backfills run until nothing is written any more. */
  async function settle(when: string): Promise<void> {
    share = 0;
    for (const event of events.splice(0)) {
      for (let delivery = 0; delivery < mostDeliveries; delivery++)
        if ((await hear([event], 2)).length === 0) break;
    }
    trace.push(`  ${when}: sweeps`);
    while (leaving.size > 0) await sweep();
    for (let round = 1; ; round++) {
      trace.push(`  ${when}: backfill ${round}`);
      writes = 0;
      await backfill();
      if (writes === 0) break;
      if (round === mostBackfills) {
        wrong.push(`${when}: backfill ${round} still wrote`);
        break;
      }
    }
    const defined = change.repositories().map((repository: Repository) => tipOf(repository));
    wrong.push(...wrongIn(simulator, prefix, defined, byHand).map((sentence) => `${when}: ${sentence}`));
  }

  return {
    onWrite,
    async all(): Promise<string[]> {
      for (const one of acts) await act(one);
      await settle("in the end");
      if (wrong.length === 0) {
        for (const [index, repository] of change.repositories().entries()) {
          const pushed = change.mend(repository);
          if (index % 2 === 0) events.push(...pushed);
        }
        await settle("when all is mended");
      }
      return wrong.length === 0 ? [] : [...wrong, ...trace, ...statesOf(), ...records()];
    },
  };

  function statesOf(): string[] {
    return change.repositories().map((repository) => {
      const { defined, isDoubtful } = tipOf(repository);
      return `  ${repository.project.key}/${repository.slug} ${repository.id}${isDoubtful ? " (doubtful)" : ""}: ${[...defined.values()].map((it) => nameOf(it)).join(", ")}`;
    });
  }

  function records(): string[] {
    return simulator.entities("bitbucketPortFile").map(({ identifier, properties }) => {
      const { status, entities, created, waiting, leaving, gone, retry, commit } = properties;
      return `  ${identifier} ${JSON.stringify({ status, entities, created, waiting, leaving, gone, retry, commit })}`;
    });
  }
}

function putByHand(simulator: PortSimulator, name: string): void {
  const [blueprint = "", identifier = ""] = name.split(":");
  const properties = blueprint === "service" ? { contacts: ["by hand"] } : { lead: "by hand" };
  simulator.put(blueprint, { identifier, title: "By hand", properties, relations: {} });
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return random.pick(items);
}

const html = { "content-type": "text/html" };
const bitbucketFaults: readonly Fault[] = [
  { status: 503, body: { errors: [] } },
  { status: 429, body: { errors: [] }, headers: { "retry-after": "0" } },
  { status: 404, body: { errors: [{ message: "Not found" }] } },
  { status: 404, body: "<html>not here</html>", headers: html },
  { status: 200, body: "<html>log in</html>", headers: html },
  { status: 200, body: '{"values": [{"id', breaksOff: true },
  { status: 401, body: { errors: [{ message: "Who are you?" }] } },
  "reset",
];
const portFaults: readonly Fault[] = [
  { status: 503, body: { ok: false } },
  { status: 429, body: { ok: false }, headers: { "retry-after": "0" } },
  { status: 502, body: "<html>bad gateway</html>", headers: html },
  { status: 200, body: '{"ok": true, "entities": [', breaksOff: true },
  "reset",
  "apply-then-reset",
];
