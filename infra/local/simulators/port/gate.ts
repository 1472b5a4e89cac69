import { randomUUID } from "node:crypto";
import type { Answer, Request } from "../http.ts";
import { shapedObject } from "./entity-shape.ts";
import type { RateLimit, Settings } from "./options.ts";
import { invalid, refused } from "./refusals.ts";

/** Access tokens: one is handed out again and again until it expires. */
export type Tokens = {
  readonly issue: (request: Request) => Answer;
  /** Refuses (401) a call without a living token. */
  readonly check: (request: Request) => void;
  readonly expire: () => void;
};

export function createTokens(settings: Settings): Tokens {
  let token = "";
  let expiresAt = 0;
  let calls = 0;
  return {
    issue(request) {
      const credentials = shapedObject(request.call.body, "body", ["clientId", "clientSecret"]);
      for (const key of ["clientId", "clientSecret"]) {
        if (typeof credentials[key] !== "string") throw invalid(`body must have required property '${key}'`);
      }
      if (
        credentials["clientId"] !== settings.clientId ||
        credentials["clientSecret"] !== settings.clientSecret
      ) {
        throw refused(401, "unauthorized", "Invalid client id or secret");
      }
      const now = settings.now();
      if (now >= expiresAt) {
        token = `simulated-${randomUUID()}`;
        calls = 0;
        expiresAt = now + settings.tokenSeconds * 1000;
      }
      const expiresIn = Math.floor((expiresAt - now) / 1000);
      return { status: 200, body: { ok: true, accessToken: token, expiresIn, tokenType: "Bearer" } };
    },
    check(request) {
      const valid = token !== "" && settings.now() < expiresAt;
      if (!valid || request.call.headers.authorization !== `Bearer ${token}`) {
        throw refused(401, "unauthorized", "Invalid token");
      }
      if (++calls === settings.tokenCalls) expiresAt = 0;
    },
    expire() {
      expiresAt = 0;
    },
  };
}

/** A fixed window of calls, counted for the whole organization. */
export type Limiter = {
  readonly headers: () => Record<string, string>;
  /** Counts a call; refuses it (429) when the window is full. */
  readonly take: () => void;
};

export function createLimiter(limit: RateLimit | undefined, now: () => number): Limiter {
  if (limit === undefined) return { headers: () => ({}), take: () => undefined };
  let used = 0;
  let endsAt = 0;
  const retryAfter = (secondsLeft: number): Record<string, string> => {
    const { retryAfter: text = false } = limit;
    if (text === false) return {};
    return { "retry-after": text === true ? String(secondsLeft) : text };
  };
  const headers = () => {
    const secondsLeft = Math.max(0, Math.ceil((endsAt - now()) / 1000));
    const reset = limit.resetAs === "seconds" ? secondsLeft : Math.ceil(endsAt / 1000);
    return {
      "x-ratelimit-limit": String(limit.requests),
      "x-ratelimit-remaining": String(Math.max(0, limit.requests - used)),
      "x-ratelimit-reset": String(reset),
      ...(used > limit.requests ? retryAfter(secondsLeft) : {}),
    };
  };
  const take = () => {
    if (now() >= endsAt) {
      used = 0;
      endsAt = now() + limit.windowSeconds * 1000;
    }
    used++;
    if (used > limit.requests) throw refused(429, "rate_limit_exceeded", "Too many requests");
  };
  return { headers, take };
}
