import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEvent } from "../../lib/bitbucket/events.ts";
import type { JsonObject } from "../../lib/json.ts";
import { event } from "../support/payloads.ts";

describe("what is not understood", () => {
  const fault = { fault: "the event does not say which object it is about" };

  it.each([
    "repo:refs_changed",
    "repo:forked",
    "repo:modified",
    "project:modified",
    "mirror:repo_synchronized",
  ])("%s without its object is a fault", (eventKey) => {
    for (const nothing of [null, {}, [], "app"]) {
      expect(parseEvent(event(eventKey, { repository: nothing, new: nothing }))).toEqual(fault);
    }
    expect(parseEvent(event(eventKey, {}))).toEqual(fault);
  });

  it.each([
    "repo:secret_detected",
    "repo:created",
    "repo:deleted",
    "project:created",
    "diagnostics:ping",
    "repo:comment:",
    "pr",
    "toString",
    "REPO:FORKED",
  ])("%s is ignored, not refused", (eventKey) => {
    expect(parseEvent(event(eventKey, { secretLocations: [] }))).toEqual({ ignored: "event not used" });
  });

  it("a body without an event key is a fault", () => {
    for (const payload of [{}, [], null, "x", 1, { test: true }, { eventKey: null }, { eventKey: 5 }]) {
      expect(parseEvent(payload)).toEqual({ fault: "the body has no eventKey" });
    }
  });

  it("never throws", () => {
    const keys = ["pr:opened", "pr:deleted", "repo:modified", "project:modified", "repo:refs_changed"];
    const body = fc.dictionary(
      fc.constantFrom("pullRequest", "old", "new", "repository", "changes", "date"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...keys), body, (eventKey, it) => {
        const parsed = parseEvent({ ...(it as JsonObject), eventKey });
        expect("fault" in parsed).toBe(true);
      }),
    );
  });
});
