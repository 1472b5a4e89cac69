import { expect, test } from "vitest";
import { createLoginWatch } from "../../lib/bitbucket/login.ts";
import { RequestError } from "../../lib/errors.ts";
import type { Outcome } from "../../lib/http/client.ts";
import { rejection } from "../support/rejection.ts";

const wrong = "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException";
const refusal = (status: number, code?: string) =>
  new RequestError({
    service: "bitbucket",
    operation: "GET project",
    status,
    ...(code === undefined ? {} : { code }),
  });

function watch(authorization = "Bearer a-token") {
  const clock = { now: 1_000_000 };
  const around = createLoginWatch(authorization, () => clock.now);
  const refused = async (error: RequestError) => (await around(async () => error, undefined)) as RequestError;
  const passes = async () => expect(await around(async () => answer, undefined)).toBe(answer);
  return { around, refused, passes, clock };
}
const answer: Outcome = { status: 200, headers: new Headers(), text: "{}", json: {} };
const unasked = async (): Promise<Outcome> => {
  throw new Error("no call was to be made");
};

test("after three refused log-ins no more calls are made, for a minute", async () => {
  const { around, refused, passes, clock } = watch();
  for (let count = 0; count < 3; count++) await refused(refusal(401, wrong));
  expect(String(await rejection(around(unasked, undefined)))).toMatch(/does not accept BITBUCKET_TOKEN/);
  clock.now += 59_999;
  expect(await rejection(around(unasked, undefined))).toBeInstanceOf(RequestError);
  clock.now += 1;
  await passes();
});

test("after the minute there are three tries more", async () => {
  const { around, refused, clock } = watch();
  for (let count = 0; count < 3; count++) await refused(refusal(401, wrong));
  clock.now += 60_000;
  for (let count = 0; count < 3; count++) await refused(refusal(401, wrong));
  expect(await rejection(around(unasked, undefined))).toBeInstanceOf(RequestError);
});

test("a log-in that is accepted makes up for those before it", async () => {
  const { refused, passes } = watch();
  for (let count = 0; count < 2; count++) await refused(refusal(401, wrong));
  await passes();
  for (let count = 0; count < 2; count++) await refused(refusal(401, wrong));
  await passes();
});

test("an answer to what was asked before a log-in was refused does not make up for it", async () => {
  const { around, refused, passes } = watch();
  await passes();
  const slow = Promise.withResolvers<Outcome>();
  const early = around(() => slow.promise, undefined);
  for (let count = 0; count < 3; count++) await refused(refusal(401, wrong));
  slow.resolve(answer);
  expect(await early).toBe(answer);
  expect(await rejection(around(unasked, undefined))).toBeInstanceOf(RequestError);
});

test("what a user may not see is no refused log-in, however often it comes", async () => {
  const { refused, passes } = watch("Basic YTpi");
  for (let count = 0; count < 5; count++) {
    for (const error of [refusal(403), refusal(401, "com.atlassian.bitbucket.AuthorisationException")]) {
      expect((await refused(error)).message).toContain(
        "the user of BITBUCKET_USERNAME and BITBUCKET_PASSWORD may not see this",
      );
    }
  }
  await passes();
});

test("a CAPTCHA is for the user to solve", async () => {
  const { refused } = watch("Basic YTpi");
  const error = await refused(refusal(403, "CaptchaRequiredAuthenticationException"));
  expect(error.message).toMatch(/CAPTCHA.*browser.*BITBUCKET_TOKEN/);
  expect(error.failure.status).toBe(403);
});

test("any other error stays as it is", async () => {
  const { refused, passes } = watch();
  const error = refusal(503, wrong);
  expect(await refused(error)).toBe(error);
  await passes();
});

test.each<[string, Outcome, boolean]>([
  ["an answer", answer, true],
  ["a refusal of what was asked for", refusal(403, "AuthorisationException"), true],
  ["a failure of Bitbucket's own", refusal(500, "CommandFailedException"), true],
  ["a proxy's failure", refusal(502), false],
  ["a rate limit", refusal(429), false],
  [
    "no answer",
    new RequestError({ service: "bitbucket", operation: "GET project", code: "ECONNRESET" }),
    false,
  ],
])("%s proves the log-in: %3$s", async (_, outcome, proves) => {
  const { around } = watch();
  await around(async () => outcome, undefined);
  let underWay = 0;
  let most = 0;
  const slow = async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    return refusal(502);
  };
  await Promise.all([around(slow, undefined), around(slow, undefined)]);
  expect(most).toBe(proves ? 2 : 1);
});
