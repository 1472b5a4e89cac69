import { describeError, type Fields, log } from "../aws/log.ts";
import { emitMetrics } from "../aws/metrics.ts";
import { parseEvent } from "../bitbucket/events.ts";
import { isSigned } from "../bitbucket/signature.ts";
import { isJsonObject, parseJson } from "../json.ts";
import { liveMessage, type OutgoingMessage } from "../queue/live-message.ts";

/** A delivery as it came in: header names in lower case, the body's raw bytes. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: 200 | 202 | 400 | 401 | 413 | 503;
  readonly body: { readonly status: string; readonly reason?: string };
}

export interface AcceptOptions {
  /** The secrets that a signature may be made with; `fresh` asks past any cache. */
  readonly secrets: (fresh: boolean, signal: AbortSignal) => Promise<readonly string[]>;
  readonly send: (message: OutgoingMessage, signal: AbortSignal) => Promise<void>;
  /** Time for all of it, in ms; Bitbucket gives up after 10 to 20 s and never tries again. */
  readonly deadlineMs?: number;
}

/** Lambda takes no more than 6 MB in one request. */
export const maxBodyBytes = 6 * 1024 * 1024;
const defaultDeadlineMs = 7_500;

/**
 * Verifies a delivery and puts its event on the live queue. Everything is refused until the signature over the raw
 * bytes is good, but for Bitbucket's connection test, which carries nothing and comes unsigned.
 * Never throws: what cannot be decided or enqueued in time is a 503, never a 2xx.
 */
export async function accept(delivery: Delivery, options: AcceptOptions): Promise<Answer> {
  const signal = AbortSignal.timeout(options.deadlineMs ?? defaultDeadlineMs);
  const ids = logFields(delivery);
  const verdict = await beforeDeadline(decide(delivery, options, signal), signal).catch(
    (error: unknown): Answer => {
      log("error", "delivery not accepted", { ...ids, ...describeError(error) });
      return {
        status: 503,
        body: { status: "unavailable", reason: "the event could not be stored, send it again" },
      };
    },
  );
  log(verdict.status >= 400 ? "warn" : "info", "delivery answered", {
    ...ids,
    status: verdict.status,
    outcome: verdict.body.status,
    reason: verdict.body.reason,
  });
  // A connection test is nobody's event, and comes unsigned: it must not look like one that was taken.
  if (verdict.body.status === "pong") return verdict;
  emitMetrics({
    received: 1,
    rejected: verdict.status >= 400 ? 1 : 0,
    ignored: verdict.body.status === "ignored" ? 1 : 0,
    queued: verdict.status === 202 ? 1 : 0,
  });
  return verdict;
}

async function decide(delivery: Delivery, options: AcceptOptions, signal: AbortSignal): Promise<Answer> {
  const { headers, body } = delivery;
  if (body.byteLength > maxBodyBytes) return refused(413, "the body is larger than 6 MiB");
  const secrets = await options.secrets(false, signal);
  if (secrets.length === 0) return refused(401, "no webhook secret is configured");
  if (isPing(delivery)) return { status: 200, body: { status: "pong" } };
  if (!(await isVerified(delivery, secrets, options, signal))) {
    return refused(401, "the signature is missing or wrong");
  }
  const text = body.toString("utf8");
  const payload = parseJson(text);
  if (!isJsonObject(payload)) return refused(400, "the body is not a JSON object");
  const headerKey = headers["x-event-key"];
  if (headerKey !== undefined && "eventKey" in payload && headerKey !== payload["eventKey"]) {
    return refused(400, "X-Event-Key is not the signed body's eventKey");
  }
  const parsed = parseEvent(payload);
  if ("fault" in parsed) return refused(400, parsed.fault);
  if ("ignored" in parsed) return { status: 200, body: { status: "ignored", reason: parsed.ignored } };
  await options.send(liveMessage(parsed.event, text, headers["x-request-id"], Date.now()), signal);
  return { status: 202, body: { status: "queued" } };
}

/** A signature that fails is checked once more with the secrets as they are now: one may just have been rotated. */
async function isVerified(
  { headers, body }: Delivery,
  secrets: readonly string[],
  options: AcceptOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const signature = headers["x-hub-signature"];
  if (isSigned(body, signature, secrets)) return true;
  return signature !== undefined && isSigned(body, signature, await options.secrets(true, signal));
}

/**
 * Bitbucket's "test connection": unsigned even when a secret is set, and without an event. Older versions send nothing at
 * all beside the header.
 */
function isPing({ headers, body }: Delivery): boolean {
  if (headers["x-event-key"] !== "diagnostics:ping" || body.byteLength > 1_000) return false;
  if (body.byteLength === 0) return true;
  const payload = parseJson(body.toString("utf8"));
  return isJsonObject(payload) && !("eventKey" in payload);
}

function refused(status: 400 | 401 | 413, reason: string): Answer {
  return { status, body: { status: "refused", reason } };
}

/** Header values are anybody's until the signature is good, so only ids of the right form are logged. */
function logFields({ headers, body }: Delivery): Fields {
  const id = (value: string | undefined) =>
    value !== undefined && /^[\w:.-]{1,128}$/.test(value) ? value : undefined;
  return {
    deliveryId: id(headers["x-request-id"]),
    eventKey: id(headers["x-event-key"]),
    bytes: body.byteLength,
  };
}

async function beforeDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
    ),
  ]);
}
