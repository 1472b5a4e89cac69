import { expect, test } from "vitest";
import { createLoginWatch } from "../../lib/bitbucket/login.ts";
import { RequestError } from "../../lib/errors.ts";

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
  return { login: createLoginWatch(authorization, () => clock.now), clock };
}

test("after three refused log-ins no more calls are made, for a minute", () => {
  const { login, clock } = watch();
  login.check();
  for (let refused = 0; refused < 2; refused++) login.refused(refusal(401, wrong));
  login.check();
  login.refused(refusal(401, wrong));
  expect(() => login.check()).toThrow(/does not accept BITBUCKET_TOKEN/);
  clock.now += 59_999;
  expect(() => login.check()).toThrow(RequestError);
  clock.now += 1;
  login.check();
});

test("after the minute there are three tries more", () => {
  const { login, clock } = watch();
  for (let refused = 0; refused < 3; refused++) login.refused(refusal(401, wrong));
  clock.now += 60_000;
  login.check();
  login.refused(refusal(401, wrong));
  login.check();
});

test("a log-in that is accepted makes up for those before it", () => {
  const { login } = watch();
  for (let refused = 0; refused < 2; refused++) login.refused(refusal(401, wrong));
  login.accepted();
  login.refused(refusal(401, wrong));
  login.check();
});

test("what a user may not see is no refused log-in, however often it comes", () => {
  const { login } = watch("Basic YTpi");
  for (let refused = 0; refused < 5; refused++) {
    for (const error of [refusal(403), refusal(401, "com.atlassian.bitbucket.AuthorisationException")]) {
      expect(login.refused(error).message).toContain(
        "the user of BITBUCKET_USERNAME and BITBUCKET_PASSWORD may not see this",
      );
    }
  }
  login.check();
});

test("a CAPTCHA is for the user to solve", () => {
  const { login } = watch("Basic YTpi");
  const error = login.refused(refusal(403, "CaptchaRequiredAuthenticationException"));
  expect(error.message).toMatch(/CAPTCHA.*browser.*BITBUCKET_TOKEN/);
  expect(error.failure.status).toBe(403);
});

test("any other error stays as it is", () => {
  const { login } = watch();
  const error = refusal(503, wrong);
  expect(login.refused(error)).toBe(error);
  login.check();
});
