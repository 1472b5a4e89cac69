import type { Inject } from "../../infra/local/simulators/http.ts";
import { acting } from "./acting.ts";
import type { Faults, SideName } from "./faults.ts";
import type { Random } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** One of the two services, as the network would show it. */
export interface Side {
  readonly name: SideName;
  readonly origin: string;
  readonly inject: Inject;
}

export interface TransportOptions {
  readonly sides: readonly Side[];
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly faults: Faults;
  /** Told of every call, with who made it. */
  readonly onCall: (side: SideName, actor: string) => void;
}

/** One way of a call takes so long, in ms; one in twenty takes up to ten times that. */
const quickest = 5;
const slowest = 50;
const slowShare = 0.05;
const slowTimes = 10;

/** A `fetch` that reaches the simulators without a network, in the world's time and with its faults. */
export function createTransport({ sides, clock, random, faults, onCall }: TransportOptions): typeof fetch {
  const way = (signal: AbortSignal | undefined) =>
    clock.sleep(
      random.between(quickest, slowest) * (random.chance(slowShare) ? random.between(1, slowTimes) : 1),
      signal,
    );

  return async (input, init = {}) => {
    const url = String(input instanceof Request ? input.url : input);
    const side = sides.find(({ origin }) => url.startsWith(`${origin}/`));
    if (side === undefined) throw networkError("ENOTFOUND", url);
    const signal = init.signal ?? undefined;
    clock.stir();
    const actor = acting.getStore();
    onCall(side.name, actor?.name ?? "world");
    const died = () => clock.now() >= (actor?.diesAt ?? Number.POSITIVE_INFINITY);
    await way(signal);
    if (died()) return never();
    const fault = faults.next(side.name, clock.now());
    const answer =
      typeof fault === "object"
        ? { ...fault, body: bytes(fault.body) }
        : fault === "reset"
          ? fault
          : await side.inject({
              method: init.method ?? "GET",
              url: url.slice(side.origin.length),
              headers: Object.fromEntries(new Headers(init.headers)),
              body: bytes(init.body),
            });
    await way(signal);
    if (died()) return never();
    if (answer === "reset" || fault === "apply-then-reset") throw networkError("ECONNRESET", url);
    if (answer.breaksOff === true) throw networkError("UND_ERR_SOCKET", url);
    const isEmpty = [204, 304].includes(answer.status);
    const body = isEmpty ? null : new Uint8Array(answer.body as Buffer);
    return new Response(body, { status: answer.status, headers: { ...answer.headers } });
  };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function bytes(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function networkError(code: string, url: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(`${code} ${url}`), { code }) });
}
