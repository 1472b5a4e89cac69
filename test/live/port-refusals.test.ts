import { afterEach, expect, test } from "vitest";
import type { Call, Intercept } from "../../infra/local/simulators/http.ts";
import type { PortSimulatorOptions } from "../../infra/local/simulators/port/server.ts";
import { RequestError } from "../../lib/errors.ts";
import type { ClientOptions } from "../../lib/http/service-client.ts";
import { deleteEntities } from "../../lib/sync/delete.ts";
import { existenceQuery, queryFor, readEntities } from "../../lib/sync/read.ts";
import { upsertAll } from "../../lib/sync/upsert.ts";
import { project, type SimulatedPort, startSimulatedPort } from "../support/port-client.ts";
import { rejection } from "../support/rejection.ts";

let simulated: SimulatedPort | undefined;
afterEach(async () => simulated?.port.close());

async function start(intercept?: Intercept, options: Partial<ClientOptions> = {}) {
  const simulator: PortSimulatorOptions = intercept === undefined ? {} : { intercept };
  simulated = await startSimulatedPort(simulator, { retries: 0, ...options });
  return simulated;
}
const projects = (count: number) => Array.from({ length: count }, (_, index) => project(`P${index + 1}`));
const isBulk = ({ path }: Call) => path.endsWith("/entities/bulk");
const blueprint = "bitbucketProject";

test("nothing to write costs no call", async () => {
  const { client, port } = await start();
  expect(await upsertAll(client, [], false)).toEqual([]);
  expect(port.calls).toEqual([]);
});

test("entities of a call that was given up for want of time failed for now, those of other calls count", async () => {
  const time = new AbortController();
  let calls = 0;
  const { client, port } = await start(
    (call) => {
      if (isBulk(call) && ++calls === 2) time.abort();
      return undefined;
    },
    { signal: () => time.signal, concurrency: 1 },
  );
  const results = await upsertAll(client, projects(40), false);
  expect(results.slice(0, 20).every(({ ok }) => ok)).toBe(true);
  expect(results.slice(20)).toEqual(
    Array.from({ length: 20 }, () => ({ ok: false, status: undefined, code: "out of time" })),
  );
  expect(port.entities(blueprint).length).toBeGreaterThanOrEqual(20);
});

test("a call that fails for now is not split; the time that Port asks for is kept", async () => {
  const headers = { "retry-after": "120" };
  const { client, port } = await start((call) =>
    isBulk(call) ? { status: 429, headers, body: { ok: false, error: "rate_limit" } } : undefined,
  );
  const results = await upsertAll(client, projects(2), false);
  expect(results).toEqual(
    Array.from({ length: 2 }, () => ({ ok: false, status: 429, code: "rate_limit", retryAfterMs: 120_000 })),
  );
  expect(port.calls.filter(isBulk)).toHaveLength(1);
});

test("a refusal without a word of Port's is one without a code", async () => {
  const { client } = await start((call) => (isBulk(call) ? { status: 403, body: "" } : undefined));
  const [result] = await upsertAll(client, projects(1), false);
  expect(result).toMatchObject({ ok: false, status: 403 });
});

test.each([400, 404, 413, 422])(
  "a call that is refused whole (%i) is split down to its culprit",
  async (status) => {
    const { client, port } = await start((call) => {
      const { entities = [] } = (call.body ?? {}) as { entities?: { identifier: string }[] };
      const isPoisoned = entities.some(({ identifier }) => identifier === "P3");
      return isBulk(call) && isPoisoned ? { status, body: { ok: false, error: "no" } } : undefined;
    });
    const results = await upsertAll(client, projects(5), false);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false, true, true]);
    expect(port.entities(blueprint)).toHaveLength(4);
  },
);

test("entities are read back in parts, with the meta-properties that they carry", async () => {
  const { client, port } = await start();
  await upsertAll(client, projects(2), false);
  const wanted = { ...project("P1"), icon: "Rocket", team: ["a"] };
  expect(queryFor(wanted).fields).toEqual(["$icon", "$team"]);
  expect(queryFor(project("P1", { link: "x" })).fields).toEqual(["link"]);
  const queries = Array.from({ length: 501 }, (_, index) => existenceQuery(`${blueprint}\nP${index + 1}`));
  const before = port.calls.length;
  expect([...(await readEntities(client, queries)).keys()]).toEqual([`${blueprint}\nP1`, `${blueprint}\nP2`]);
  expect(port.calls.length - before).toBe(2);
});

test("an entity that Port refuses to delete costs the others nothing, an error does", async () => {
  const { client, port } = await start((call) =>
    call.path.endsWith("/entities/delete") || (call.method === "DELETE" && call.path.endsWith("/P2"))
      ? { status: 409, body: { ok: false, error: "has_dependents" } }
      : undefined,
  );
  await upsertAll(client, projects(3), false);
  const ids = ["P1", "P2", "P3"];
  expect(await deleteEntities(blueprint, ids, client)).toEqual(["P1", "P3"]);
  port.setIntercept(() => ({ status: 403, body: { ok: false, error: "forbidden" } }));
  for (const some of [["P2"], ["P2", "P4"]]) {
    const error = await rejection(deleteEntities(blueprint, some, client));
    expect(error).toBeInstanceOf(RequestError);
  }
  await port.close();
  expect(await rejection(deleteEntities(blueprint, ["P2", "P4"], client))).toMatchObject({
    failure: { service: "port" },
  });
});

test("a deletion that is given up for want of time is not taken for a refusal", async () => {
  const { client } = await start(undefined, { signal: () => AbortSignal.abort() });
  for (const some of [["P1"], ["P1", "P2"]]) {
    const error = await rejection(deleteEntities(blueprint, some, client));
    expect(error).toMatchObject({ name: "AbortError" });
  }
});
