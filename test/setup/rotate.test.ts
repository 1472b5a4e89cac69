import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigError } from "../../lib/errors.ts";
import { expectRotated, type RotationHarness, startRotation } from "../support/rotation.ts";
import { target } from "../support/setup.ts";

let rotation: RotationHarness;
beforeEach(async () => {
  rotation = await startRotation();
});
afterEach(async () => rotation.close());

test("a new secret is sent when every container may know it, and the old one ends when nothing is under way", async () => {
  const container = rotation.container();
  await rotation.deliver();
  const began = Date.now();
  expect(await rotation.rotate()).toMatchObject({
    ok: true,
    rotation: "done",
    webhooks: { created: 0, updated: 2, failed: [] },
  });
  expectRotated(rotation);
  expect(rotation.puts()).toBe(2);
  expect(rotation.writtenAt).toHaveLength(2);
  // Containers look again at most once a minute; Bitbucket gives up on a delivery after 20 s.
  expect(Math.min(...rotation.writtenAt)).toBeGreaterThan(60_000);
  expect(Date.now() - began - Math.max(...rotation.writtenAt)).toBeGreaterThan(20_000);
  await rotation.pass(5 * 60_000);
  expect(await container.answer(target.secret)).toBe(401);
});

test("a second rotation brings another secret", async () => {
  await rotation.rotate();
  const first = rotation.secret().AWSCURRENT;
  await rotation.rotate();
  expect(rotation.secret().AWSCURRENT).not.toBe(first);
  rotation.container();
  await rotation.deliver();
  expectRotated(rotation);
});

test("what is cut off says so, and that the old secret is good", async () => {
  let cut: unknown;
  for (let call = 0; rotation.puts() === 0; call++) cut = await rotation.cutOff(call, "after");
  expect(cut).toBeInstanceOf(ConfigError);
  expect((cut as ConfigError).faults).toEqual(["the time was up", expect.stringMatching(/still good/)]);
});

test("a value that somebody puts by hand in the middle is the one that counts", async () => {
  rotation.container();
  const began = Date.now();
  rotation.onStep(async () => {
    const { AWSCURRENT } = rotation.secret();
    if (rotation.writtenAt.length === 2 && AWSCURRENT !== "by hand" && Date.now() - began > 80_000) {
      rotation.put({ AWSCURRENT: "by hand", AWSPREVIOUS: AWSCURRENT });
    }
  });
  expect(await rotation.rotate()).toMatchObject({ ok: true, rotation: "done" });
  expect(rotation.signedWith()).toEqual(["by hand"]);
  expect(rotation.secret()).toEqual({ AWSCURRENT: "by hand", AWSPREVIOUS: "by hand" });
  expect([...rotation.answers.keys()]).toEqual([200]);
});

test("two at once put one new secret and both end well", async () => {
  rotation.container();
  await rotation.deliver();
  const both = await Promise.all([rotation.rotate(), rotation.rotate()]);
  expect(both).toMatchObject([{ rotation: "done" }, { rotation: "done" }]);
  expectRotated(rotation);
});

test("a value that was put by hand is sent, and no other is made", async () => {
  rotation.container();
  await rotation.deliver();
  rotation.put({ AWSCURRENT: "by hand", AWSPREVIOUS: target.secret });
  expect(await rotation.rotate({ rotate: true, dryRun: true })).toMatchObject({ rotation: "would go on" });
  expect(await rotation.rotate()).toMatchObject({ rotation: "done", webhooks: { updated: 2 } });
  expect(rotation.signedWith()).toEqual(["by hand"]);
  expect(rotation.secret()).toEqual({ AWSCURRENT: "by hand", AWSPREVIOUS: "by hand" });
  expect([...rotation.answers.keys()]).toEqual([200]);
});

test("a dry run says that it would begin, and writes nothing", async () => {
  expect(await rotation.rotate({ rotate: true, dryRun: true })).toMatchObject({
    ok: true,
    rotation: "would begin",
    webhooks: { updated: 2 },
  });
  expect(rotation.writtenAt).toEqual([]);
  expect(rotation.puts()).toBe(0);
});

test("a webhook that cannot be written keeps the old secret good, and is named", async () => {
  const { bitbucket } = rotation.harness;
  rotation.container();
  bitbucket.setIntercept(({ path, method }) =>
    method !== "GET" && path.includes("/SHOP/") ? { status: 401, body: { errors: [] } } : undefined,
  );
  expect(await rotation.rotate()).toMatchObject({
    ok: false,
    rotation: "unfinished",
    webhooks: {
      updated: 1,
      failed: [expect.stringMatching(/^project:SHOP/), expect.stringMatching(/still good/)],
    },
  });
  expect(rotation.secret().AWSPREVIOUS).toBe(target.secret);
  await rotation.pass(10 * 60_000);
  bitbucket.setIntercept(undefined);
  expect(await rotation.rotate()).toMatchObject({ ok: true, rotation: "done" });
  expectRotated(rotation);
});

test("credentials that see no project end nothing", async () => {
  rotation.harness.bitbucket.setIntercept(({ path }) =>
    path.endsWith("/projects")
      ? { status: 200, body: { values: [], size: 0, limit: 1000, start: 0, isLastPage: true } }
      : undefined,
  );
  expect(await rotation.rotate()).toMatchObject({ ok: false, rotation: "unfinished" });
  expect(rotation.signedWith()).toEqual([target.secret]);
  expect(rotation.secret().AWSPREVIOUS).toBe(target.secret);
});

test("a side that does not answer is said before a new secret is put", async () => {
  rotation.harness.bitbucket.setIntercept(() => ({ status: 401, body: { errors: [] } }));
  await expect(rotation.rotate()).rejects.toThrow(/Setup cannot begin/);
  expect(rotation.puts()).toBe(0);
});
