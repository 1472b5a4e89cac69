import { randomUUID } from "node:crypto";
import { type Answer, type Call, type Request, startHttpSimulator } from "../http.ts";
import { shown } from "./context.ts";
import { createLimiter, createTokens } from "./gate.ts";
import { createJournal } from "./journal.ts";
import type { PortSimulator, PortSimulatorOptions, Settings } from "./options.ts";
import { refused } from "./refusals.ts";
import { routed } from "./router.ts";
import { createStore, drop, entitiesFrom, find, setBlueprint, write } from "./store.ts";
import type { Journal, Store } from "./stored.ts";

export type { Answer, Call, Delay, Fault, Intercept } from "../http.ts";
export type * from "./options.ts";
export type * from "./types.ts";

/** The credentials that the simulator takes unless told otherwise. */
export const portDemoClientId = "demo-client-id";
export const portDemoClientSecret = "demo-client-secret";

const mebibyte = 1024 * 1024;

/** Starts a Port API with an empty catalog on 127.0.0.1. */
export async function startPortSimulator(options: PortSimulatorOptions = {}): Promise<PortSimulator> {
  const settings = settingsOf(options);
  const calls: Call[] = [];
  let intercept = options.intercept;
  const journal = createJournal(options);
  let store = filledStore(options, settings, journal);
  const tokens = createTokens(settings);
  const limiter = createLimiter(options.rateLimit, settings.now);

  function answer(request: Request): Answer {
    limiter.take();
    checkBody(request);
    if (request.segments[0] !== "v1") throw refused(404, "not_found", `Route ${request.call.path} not found`);
    if (request.call.method === "POST" && request.call.path === "/v1/auth/access_token")
      return tokens.issue(request);
    tokens.check(request);
    journal.userAgent = request.call.headers["user-agent"] ?? "";
    try {
      return routed({ store, settings, request });
    } finally {
      journal.userAgent = undefined;
    }
  }

  const { origin, inject, close } = await startHttpSimulator({
    port: options.port ?? 0,
    delayMs: options.delayMs ?? 0,
    maxBodyBytes: mebibyte,
    calls,
    intercept: () => intercept,
    answer,
    headers: () => ({ "X-Trace-Id": randomUUID(), ...limiter.headers() }),
  });
  return {
    url: `${origin}/v1`,
    calls,
    writes: journal.writes,
    entities: (blueprint) =>
      [...entitiesFrom(store, blueprint, 0)].map((stored) => shown(store, stored, "absent")),
    entity(blueprint, identifier) {
      const stored = find(store, blueprint, identifier);
      return stored === undefined ? undefined : shown(store, stored, "absent");
    },
    put: (blueprint, entity) => shown(store, write(store, blueprint, entity), "absent"),
    remove(blueprint, identifier) {
      const stored = find(store, blueprint, identifier);
      if (stored !== undefined) drop(store, stored);
      return stored !== undefined;
    },
    blueprints: () => [...store.blueprints.values()],
    setBlueprint: (blueprint) => setBlueprint(store, blueprint),
    setIntercept(next) {
      intercept = next;
    },
    reset() {
      store = filledStore(options, settings, journal);
      calls.length = 0;
      journal.writes.length = 0;
    },
    expireTokens: tokens.expire,
    inject,
    close,
  };
}

function settingsOf(options: PortSimulatorOptions): Settings {
  return {
    clientId: options.clientId ?? portDemoClientId,
    clientSecret: options.clientSecret ?? portDemoClientSecret,
    tokenSeconds: options.tokenSeconds ?? 3600,
    tokenCalls: options.tokenCalls,
    schemaErrors: options.schemaErrors ?? "per-entity",
    bareNeedsRequired: options.bareNeedsRequired ?? false,
    unset: options.unset ?? "absent",
    blueprintPatch: options.blueprintPatch ?? "shallow",
    relatedTo: options.relatedTo ?? "all-hops",
    next: options.next ?? "leads-on",
    dependents: options.dependents ?? 422,
    now: options.now ?? Date.now,
  };
}

function filledStore(options: PortSimulatorOptions, settings: Settings, journal: Journal): Store {
  const store = createStore(settings.now, journal, settings.relatedTo === "one-hop");
  for (const blueprint of options.blueprints ?? []) setBlueprint(store, blueprint);
  return store;
}

function checkBody({ call, bodyIs }: Request): void {
  if (bodyIs === "too-large")
    throw refused(413, "payload_too_large", "Request body is too large (limit is 1MiB)");
  if (bodyIs === "malformed") throw refused(400, "bad_request", "Body is not valid JSON");
  if (bodyIs === "another-type") throw refused(415, "unsupported_media_type", "Send application/json");
  const claimsJson = /^application\/json\b/i.test(call.headers["content-type"] ?? "");
  if (bodyIs === "absent" && claimsJson && call.method !== "GET") {
    throw refused(400, "bad_request", "Body cannot be empty when content-type is set to 'application/json'");
  }
}
