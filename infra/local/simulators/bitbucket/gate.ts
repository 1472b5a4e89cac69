import type { Request } from "../http.ts";
import type { Context } from "./context.ts";
import { refused } from "./refusals.ts";
import type { BitbucketSimulatorOptions } from "./types.ts";

/** The credentials that the simulator takes unless told otherwise. */
export const bitbucketDemoToken = "demo-access-token";
export const bitbucketDemoUsername = "admin";
export const bitbucketDemoPassword = "demo-password";

export type Gate = {
  /** Says how the caller came in, or refuses (401, 403). */
  readonly login: (request: Request) => Context["login"];
  /** Takes a token out of the bucket, or refuses (429). */
  readonly take: () => void;
};

export function createGate(options: BitbucketSimulatorOptions, now: () => number): Gate {
  const bucket = createBucket(options.rateLimit, now);
  return { login: createLogin(options), take: bucket };
}

function createLogin(options: BitbucketSimulatorOptions): Gate["login"] {
  const demo = {
    token: bitbucketDemoToken,
    username: bitbucketDemoUsername,
    password: bitbucketDemoPassword,
  };
  const { token, username, password } = options.auth ?? demo;
  const basic = username === undefined ? undefined : `${username}:${password ?? ""}`;
  const allowedFailures = typeof options.captcha === "number" ? options.captcha : Number.POSITIVE_INFINITY;
  let failures = 0;
  return (request) => {
    const [scheme = "", value = ""] = (request.call.headers.authorization ?? "").split(" ");
    if (scheme.toLowerCase() === "bearer" && token !== undefined && value === token) return "bearer";
    if (scheme.toLowerCase() !== "basic") throw scheme === "" ? notPermitted() : notAuthenticated();
    if (options.captcha === true || failures >= allowedFailures) throw captcha();
    if (basic !== undefined && Buffer.from(value, "base64").toString() === basic) {
      failures = 0;
      return "basic";
    }
    failures++;
    throw notAuthenticated();
  };
}

export function notPermitted(): Error {
  return refused(401, "You are not permitted to access this resource", "AuthorisationException");
}

function notAuthenticated(): Error {
  const message = "Authentication failed. Please check your credentials and try again.";
  return refused(401, message, "auth.IncorrectPasswordAuthenticationException");
}

function captcha(): Error {
  const message = "CAPTCHA required. Your Bitbucket account has been marked as requiring a CAPTCHA.";
  return refused(403, message, "auth.CaptchaRequiredAuthenticationException");
}

/** A bucket of tokens that fills up again bit by bit; each call takes one. */
function createBucket(limit: BitbucketSimulatorOptions["rateLimit"], now: () => number): () => void {
  if (limit === undefined) return () => undefined;
  let tokens = limit.tokens;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(limit.tokens, tokens + ((time - filledAt) / 1000) * limit.perSecond);
    filledAt = time;
    if (tokens >= 1) {
      tokens--;
      return;
    }
    const seconds = Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
    const refusal = refused(429, "You have been rate limited: too many requests in a short time.");
    throw Object.assign(refusal, {
      answer: { ...refusal.answer, headers: { "Retry-After": String(seconds) } },
    });
  };
}
