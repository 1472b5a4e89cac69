import type { Request } from "../http.ts";
import { createBucket } from "./bucket.ts";
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
  /** Whom the credentials of a call name, when they are good; asking has no effect. */
  readonly who: (request: Request) => { readonly name: string; readonly by: "basic" | "bearer" } | undefined;
  /** From now on nobody's credentials are any good, and Bitbucket does not say so. */
  readonly expire: () => void;
  readonly restore: () => void;
};

export function createGate(options: BitbucketSimulatorOptions, now: () => number): Gate {
  const demo = {
    token: bitbucketDemoToken,
    username: bitbucketDemoUsername,
    password: bitbucketDemoPassword,
  };
  const auth = options.auth ?? demo;
  const check = createLogin(auth, options.captcha);
  let expired = options.anonymous ?? false;
  const who: Gate["who"] = (request) => {
    const { scheme, value } = credentials(request);
    const name = auth.username ?? bitbucketDemoUsername;
    if (expired) return undefined;
    if (isToken(auth, scheme, value)) return { name, by: "bearer" };
    return isPassword(auth, scheme, value) ? { name, by: "basic" } : undefined;
  };
  return {
    login(request) {
      if (!expired) return check(request);
      if (options.publicAccess === false) throw notAuthenticated();
      if (options.publicAccess === "denied") throw notPermitted();
      return "anonymous";
    },
    take: createBucket(options.rateLimit, now),
    who,
    expire() {
      expired = true;
    },
    restore() {
      expired = false;
    },
  };
}

type Auth = NonNullable<BitbucketSimulatorOptions["auth"]>;

function createLogin(auth: Auth, captchaAfter: BitbucketSimulatorOptions["captcha"]): Gate["login"] {
  const allowedFailures = typeof captchaAfter === "number" ? captchaAfter : Number.POSITIVE_INFINITY;
  let failures = 0;
  return (request) => {
    const { scheme, value } = credentials(request);
    if (isToken(auth, scheme, value)) return "bearer";
    if (scheme !== "basic") throw scheme === "" ? notPermitted() : notAuthenticated();
    if (captchaAfter === true || failures >= allowedFailures) throw captcha();
    if (isPassword(auth, scheme, value)) {
      failures = 0;
      return "basic";
    }
    failures++;
    throw notAuthenticated();
  };
}

function credentials(request: Request): { readonly scheme: string; readonly value: string } {
  const [scheme = "", value = ""] = (request.call.headers.authorization ?? "").split(" ");
  return { scheme: scheme.toLowerCase(), value };
}

function isToken({ token }: Auth, scheme: string, value: string): boolean {
  return scheme === "bearer" && token !== undefined && value === token;
}

function isPassword({ username, password = "" }: Auth, scheme: string, value: string): boolean {
  if (scheme !== "basic" || username === undefined) return false;
  return Buffer.from(value, "base64").toString() === `${username}:${password}`;
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
