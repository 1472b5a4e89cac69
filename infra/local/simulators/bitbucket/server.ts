import { randomUUID } from "node:crypto";
import { type Answer, type Call, type Request, startHttpSimulator } from "../http.ts";
import { breakRepository } from "./broken.ts";
import type { Settings } from "./context.ts";
import { deliver, ping } from "./delivery.ts";
import { demoData } from "./demo-data.ts";
import { createGate } from "./gate.ts";
import type { JsonStyle } from "./json-style.ts";
import { repository, ticking } from "./mutation-support.ts";
import { mutators } from "./mutators.ts";
import { badRequest, refused } from "./refusals.ts";
import { routed } from "./router.ts";
import type { BitbucketSimulator, BitbucketSimulatorOptions } from "./types.ts";
import { isAtLeast } from "./versions.ts";

export type { Answer, Call, Delay, Fault, Intercept } from "../http.ts";
export { type DemoSizes, demoData } from "./demo-data.ts";
export { foreign } from "./foreign.ts";
export { bitbucketDemoPassword, bitbucketDemoToken, bitbucketDemoUsername } from "./gate.ts";
export type * from "./model.ts";
export type { Mutators } from "./mutators.ts";
export type { Broken, CommitTrouble, ListTrouble, Trouble } from "./trouble.ts";
export type * from "./types.ts";

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const maxBodyBytes = 16 * 1024 * 1024;

/** Starts a Bitbucket on 127.0.0.1, with the demo's data unless it is given others. */
export async function startBitbucketSimulator(
  options: BitbucketSimulatorOptions = {},
): Promise<BitbucketSimulator> {
  const settings: Writable<Settings> = settingsOf(options);
  const contextPath = (options.contextPath ?? "").replace(/\/$/, "");
  const data = options.data ?? demoData();
  const calls: Call[] = [];
  const sent = new Set<string>();
  let intercept = options.intercept;
  let base = options.linkBase ?? "";
  const gate = createGate(options, settings.now);
  const drafts = isAtLeast(settings.version, "8.18");
  const style = (links = true): JsonStyle => ({
    base,
    links,
    dates: options.dates ?? "epoch",
    drafts,
    emails: true,
    shown: new Map(),
  });

  function answer(request: Request): Answer {
    return routed({ data, settings, style: style(), request }, contextPath, {
      enter() {
        const login = gate.login(request);
        gate.take();
        checkBody(request);
        return login;
      },
      name: () => gate.who(request)?.name,
    });
  }

  function userHeader(request: Request): Record<string, string> {
    const who = gate.who(request);
    const { usernameHeader = "always" } = options;
    const tells = usernameHeader === "always" || (usernameHeader === "basic-only" && who?.by === "basic");
    return who === undefined || !tells ? {} : { "X-AUSERNAME": who.name };
  }

  const { origin, inject, close } = await startHttpSimulator({
    port: options.port ?? 0,
    delayMs: options.delayMs ?? 0,
    maxBodyBytes,
    calls,
    intercept: () => intercept,
    answer,
    headers: (request) => ({ "X-AREQUESTID": `@${randomUUID().slice(0, 8)}x1`, ...userHeader(request) }),
  });
  const url = origin + contextPath;
  base = options.linkBase ?? url;
  const workshop = {
    data,
    style: () => style(options.payloadLinks),
    tick: ticking(settings.now),
    reviewsUpdate: options.reviewsUpdate ?? true,
    version: settings.version,
  };
  return {
    ...mutators(workshop),
    url,
    data,
    calls,
    fire: (payload) => deliver(data, settings.version, payload, sent),
    sent,
    ping: (target) => ping(target, settings.version),
    setIntercept(next) {
      intercept = next;
    },
    expireLogin: gate.expire,
    restoreLogin: gate.restore,
    break: (key, slug, how) => breakRepository(repository(workshop, key, slug), how),
    setMoved(moved) {
      settings.moved = moved;
    },
    inject,
    close,
  };
}

function settingsOf(options: BitbucketSimulatorOptions): Settings {
  return {
    version: options.version ?? "9.4.0",
    pageCap: options.pageCap ?? 1000,
    pageGaps: options.pageGaps ?? false,
    filesCap: options.filesCap ?? 100_000,
    changesCap: options.changesCap ?? 1000,
    changesCut: options.changesCut ?? "last-page",
    detectMoves: options.detectMoves ?? true,
    pathText: options.pathText ?? true,
    adminUsers: options.adminUsers ?? true,
    maskSecrets: options.maskSecrets ?? false,
    now: options.now ?? Date.now,
    moved: options.moved ?? "404",
    hidden: options.hidden ?? "404",
    anonymousUsers: options.anonymousUsers ?? "401",
  };
}

function checkBody({ bodyIs }: Request): void {
  if (bodyIs === "malformed") throw badRequest("The request body is not valid JSON");
  if (bodyIs === "another-type") throw refused(415, "Unsupported Media Type");
  if (bodyIs === "too-large") throw refused(413, "Request Entity Too Large");
}
