import * as z from "zod/mini";
import type { PortConfig } from "../config/config.ts";
import { RequestError } from "../errors.ts";
import type { Http } from "../http/client.ts";
import type { Hurry } from "../http/request.ts";

/** Port's access token, fetched when it is needed. */
export interface Token {
  /** The value of the `Authorization` header. */
  get(signal?: AbortSignal, hurry?: Hurry): Promise<string>;
  /** Drops a token that was refused; a newer one that came meanwhile stays. */
  refuse(token: string): void;
}

interface Held {
  value?: Promise<string>;
  known?: string;
  staleAt: number;
}

/** `expiresIn` is in seconds. */
const tokenAnswer = z.object({
  accessToken: z.string(),
  expiresIn: z.number(),
  tokenType: z.optional(z.string()),
});

/** Refreshed this long before it expires, or a tenth of its life before when that is shorter. */
const refreshAheadMs = 60_000;

/** @throws RequestError when Port refuses the credentials or does not answer. */
export function createToken(http: Http, config: PortConfig, now = Date.now): Token {
  let current: Held | undefined;

  async function fetchToken(signal: AbortSignal | undefined, mine: Held, hurry?: Hurry): Promise<string> {
    const operation = "POST /auth/access_token";
    const asked = now();
    const answer = await http.send({
      ...hurry,
      method: "POST",
      url: `${config.apiUrl}/auth/access_token`,
      operation,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ clientId: config.clientId, clientSecret: config.clientSecret }),
      signal,
    });
    const parsed = tokenAnswer.safeParse(answer.json);
    if (!parsed.success) throw new RequestError({ service: "port", operation, code: "no_token" });
    const lifeMs = parsed.data.expiresIn * 1000;
    mine.staleAt = asked + lifeMs - Math.min(refreshAheadMs, lifeMs / 10);
    mine.known = `Bearer ${parsed.data.accessToken}`;
    return mine.known;
  }

  return {
    get(signal, hurry) {
      if (current === undefined || now() >= current.staleAt) {
        const mine: Held = { staleAt: Number.POSITIVE_INFINITY };
        current = mine;
        mine.value = fetchToken(signal, mine, hurry).catch((error: unknown) => {
          if (current === mine) current = undefined;
          throw explain(error);
        });
      }
      return current.value as Promise<string>;
    },
    refuse(token) {
      if (token === current?.known) current = undefined;
    },
  };
}

function explain(error: unknown): unknown {
  if (!(error instanceof RequestError) || error.failure.status === undefined) return error;
  const { service, operation, status, code } = error.failure;
  // Not Port's own: another server, or another path of it.
  if (status === 404 && code === undefined) return new RequestError({ service, operation, code: "no_token" });
  if (![400, 401, 403, 404, 422].includes(error.failure.status)) return error;
  // The credentials are wrong, not a message: whatever the status, this is for an operator to mend.
  return new RequestError(
    { ...error.failure, status: 401 },
    "PORT_CLIENT_ID and PORT_CLIENT_SECRET are not accepted; do they belong to the region of PORT_API_URL?",
  );
}
