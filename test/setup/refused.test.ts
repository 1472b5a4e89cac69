import { afterEach, expect, test } from "vitest";
import type { Call } from "../../infra/local/simulators/http.ts";
import { wantedEvents } from "../../lib/bitbucket/webhook-events.ts";
import { type SetupHarness, startSetup, webhooksOf, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
afterEach(() => harness.close());

/** A Bitbucket that does not know some events, and says so in its own words. */
function refusing(events: readonly string[], words: (event: string) => string) {
  return ({ method, body }: Call) => {
    if (method !== "POST" && method !== "PUT") return undefined;
    const asked = (body as { events: string[] }).events;
    const unknown = events.find((event) => asked.includes(event));
    if (unknown === undefined) return undefined;
    const errors = [{ context: "events", message: words(unknown), exceptionName: null }];
    return { status: 400, body: { errors } };
  };
}
const eventsOf = (key: string) => webhooksOf(harness.bitbucket).get(key)?.[0]?.events ?? [];

test.each([
  ["the documented words", (event: string) => `the event ${event} is unknown`],
  ["quotes", (event: string) => `The event '${event}' is unknown, known are: pr:opened, pr:merged`],
  ["another language", (event: string) => `Das Ereignis ${event} gibt es nicht.`],
])("keys that are refused in %s are dropped, told once, and the rest registered", async (_, words) => {
  const dropped = ["repo:forked", "pr:comment:added"];
  harness = await startSetup({ bitbucket: { intercept: refusing(dropped, words) } });
  const { ok, webhooks } = await harness.run();
  expect(ok).toBe(true);
  expect(webhooks).toMatchObject({ created: 2, failed: [] });
  for (const key of ["MOPP", "SHOP"]) {
    expect(eventsOf(key)).toContain("pr:opened");
    for (const event of dropped) expect(eventsOf(key)).not.toContain(event);
  }
  for (const event of dropped) expect(harness.notes.filter((note) => note.includes(event))).toHaveLength(1);

  const refused = writesOf(harness.bitbucket).length;
  expect((await harness.run()).webhooks).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  const writes = writesOf(harness.bitbucket).slice(refused);
  expect(writes.every(({ status }) => status === 400)).toBe(true);
  expect(writes.length).toBeLessThanOrEqual(dropped.length);
});

test("keys that a version is known not to have are not even asked for", async () => {
  harness = await startSetup({ bitbucket: { version: "6.10.0" } });
  const { ok, webhooks } = await harness.run();
  expect({ ok, created: webhooks.created }).toEqual({ ok: true, created: 5 });
  expect(harness.notes.join()).toMatch(/6\.10\.0 does not know pr:from_ref_updated/);
  expect(eventsOf("MOPP/data-analyses")).toContain("pr:modified");
  const writes = writesOf(harness.bitbucket).length;
  expect((await harness.run()).webhooks.unchanged).toBe(5);
  expect(writesOf(harness.bitbucket)).toHaveLength(writes);
});

test("Bitbucket 5.4 gets what it knows", async () => {
  harness = await startSetup({ bitbucket: { version: "5.4.0" } });
  expect((await harness.run()).webhooks).toMatchObject({ created: 5, failed: [] });
  expect(eventsOf("SHOP/drawing-board")).not.toContain("pr:modified");
});

test.each<[string, object, RegExp]>([
  ["another refusal", { context: "url", message: "not on the allow list" }, /url/],
  [
    "a refusal that lists all there is",
    { context: "events", message: wantedEvents("project").join() },
    /events/,
  ],
])("%s is a failure that names the project", async (_, error, words) => {
  harness = await startSetup();
  harness.bitbucket.setIntercept(({ method, path }) =>
    method === "POST" && path.includes("/SHOP/") ? { status: 400, body: { errors: [error] } } : undefined,
  );
  const { ok, webhooks } = await harness.run();
  expect(ok).toBe(false);
  expect(webhooks).toMatchObject({ created: 1, failed: [expect.stringMatching(words)] });
  expect(webhooks.failed[0]).toMatch(/^project:SHOP: /);
});
