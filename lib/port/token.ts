import * as z from "zod/mini";
import type { PortConfig } from "../config/config.ts";
import { RequestError } from "../errors.ts";
import type { Http } from "../http/client.ts";
import type { Hurry } from "../http/request.ts";
import { waitFor } from "../time.ts";

/** Port's access token, fetched when it is needed. */
export interface Token {
  /** The value of the `Authorization` header. */
  get(signal?: AbortSignal, hurry?: Hurry): Promise<string>;
  /** The one to use after another was refused: however many calls it was refused to, one new token is fetched. */
  renew(refused: string, signal?: AbortSignal): Promise<Renewed>;
}

export interface Renewed {
  readonly value: string;
  /**
   * Nobody else has this token before `done` is called: when it is refused as well, that is about the call. Any other
   * token may have come to its end while others used it.
   */
  readonly isFirst: boolean;
  done(): void;
}

interface Held {
  value: Promise<string>;
  known?: string;
  staleAt: number;
  /** Until then it is used by whoever had it fetched, and by nobody else. */
  readonly shared?: Promise<void>;
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

  async function fetchToken(
    signal: AbortSignal | undefined,
    mine: () => Held,
    hurry?: Hurry,
  ): Promise<string> {
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
    const known = `Bearer ${parsed.data.accessToken}`;
    Object.assign(mine(), { staleAt: asked + lifeMs - Math.min(refreshAheadMs, lifeMs / 10), known });
    return known;
  }

  function hold(
    signal: AbortSignal | undefined,
    { shared, hurry }: { readonly shared?: Promise<void>; readonly hurry?: Hurry | undefined } = {},
  ): Held {
    const value = fetchToken(signal, () => mine, hurry).catch((error: unknown) => {
      if (current === mine) current = undefined;
      throw explain(error);
    });
    const mine: Held = { value, staleAt: Number.POSITIVE_INFINITY, ...(shared && { shared }) };
    current = mine;
    return mine;
  }

  async function get(signal?: AbortSignal, hurry?: Hurry): Promise<string> {
    const held = current === undefined || now() >= current.staleAt ? hold(signal, { hurry }) : current;
    const value = await held.value;
    if (held.shared !== undefined) await waitFor(held.shared, signal);
    return value;
  }

  return {
    get,
    async renew(refused, signal) {
      if (refused !== current?.known) return { value: await get(signal), isFirst: false, done() {} };
      const { promise, resolve } = Promise.withResolvers<void>();
      try {
        return { value: await hold(signal, { shared: promise }).value, isFirst: true, done: resolve };
      } catch (error) {
        resolve();
        throw error;
      }
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
