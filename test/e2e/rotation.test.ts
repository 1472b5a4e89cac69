import { setInterval } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../infra/local/stack.ts";
import { webhooksOf } from "../support/setup.ts";

const oldSecret = "a secret for tests";
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { WEBHOOK_SECRET: oldSecret } });
});
afterAll(async () => stack.stop());

const betweenEventsMs = 500;

// A minute and a half long: as on AWS, a rotation waits until every container may know the new secret.
test("while the secret is rotated every event is taken, and all of them end in Port", {
  timeout: 240_000,
}, async () => {
  const { bitbucket, port } = stack;
  if (bitbucket === undefined || port === undefined) throw new Error("both sides are simulated here");
  await stack.invoke("setup", {});
  let rotating = true;
  const rotated = stack.invoke("setup", { rotate: true }).finally(() => {
    rotating = false;
  });
  const statuses: unknown[] = [];
  const title = () => `Event ${statuses.length}`;
  for await (const _ of setInterval(betweenEventsMs)) {
    const opened = bitbucket.createPullRequest("MOPP", "data-analyses", { title: title() });
    statuses.push(...(await bitbucket.fire(opened)).map(({ status }) => status));
    if (!rotating) break;
  }
  expect(await rotated).toMatchObject({ ok: true, rotation: "done", webhooks: { updated: 2, failed: [] } });
  // Half of them during the first wait, and some signed with the new secret while the old one was good, too.
  expect(statuses.length).toBeGreaterThan(100);
  expect(new Set(statuses)).toEqual(new Set([202]));

  const { AWSCURRENT, AWSPREVIOUS } = stack.secrets.values("webhook");
  expect(AWSCURRENT).not.toBe(oldSecret);
  expect(AWSPREVIOUS).toBe(AWSCURRENT);
  const secrets = [...webhooksOf(bitbucket, () => true).values()]
    .flat()
    .map((webhook) => webhook.configuration.secret);
  expect(new Set(secrets)).toEqual(new Set([AWSCURRENT]));
  const arrived = () =>
    new Set(
      port
        .entities("bitbucketPullrequest")
        .map((entity) => entity.title)
        .filter((each) => each?.startsWith("Event ")),
    );
  for await (const _ of setInterval(50)) if (arrived().size === statuses.length) break;
});
