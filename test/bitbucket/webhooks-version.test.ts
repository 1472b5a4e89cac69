import { describe, expect, it } from "vitest";
import { isAtLeast } from "../../lib/bitbucket/version.ts";
import { eventsUnknownTo, refusedEvents, wantedEvents } from "../../lib/bitbucket/webhook-events.ts";

describe("versions", () => {
  it.each<[string, string, boolean]>([
    ["8.7.1", "8.8", false],
    ["8.8", "8.8", true],
    ["8.8.0", "8.8", true],
    ["8", "8.8", false],
    ["8.10.0", "8.8", true],
    ["8.10", "8.7", true],
    ["8.19.3", "8.8", true],
    ["9.4.0-SNAPSHOT", "8.8", true],
    ["10.0.0", "9.4", true],
    ["7.21.16", "8.8", false],
    ["8.8-rc1", "8.8", true],
  ])("%s at least %s: %s", (version, wanted, expected) => {
    expect(isAtLeast(version, wanted)).toBe(expected);
  });
});

describe("events", () => {
  it("of projects are asked for at projects only", () => {
    expect(wantedEvents("project")).toEqual([...wantedEvents("repository"), "project:modified"]);
  });

  it("are none of those that Bitbucket documents and rejects", () => {
    expect(wantedEvents("project")).not.toContain("pr:to_ref_updated");
    expect(wantedEvents("project")).not.toContain("pr:reviewer:changes_requested");
  });

  it("that came later are not asked of an older Bitbucket", () => {
    const all = wantedEvents("repository");
    expect(eventsUnknownTo("7.0.0", all)).toEqual([]);
    expect(eventsUnknownTo("6.10.2", all)).toEqual(["pr:from_ref_updated"]);
    expect(eventsUnknownTo("5.4.1", all)).toEqual([
      "pr:from_ref_updated",
      "pr:modified",
      "pr:reviewer:updated",
    ]);
  });
});

describe("a refusal", () => {
  const sent = ["pr:opened", "pr:modified", "project:modified"];
  it.each<[string, unknown, string[]]>([
    ["names one", "the event pr:modified is unknown", ["pr:modified"]],
    [
      "names two",
      "the event pr:opened is unknown; the event pr:modified is unknown",
      ["pr:opened", "pr:modified"],
    ],
    ["quotes it", "Event 'project:modified' is not supported.", ["project:modified"]],
    ["tells what there is, too", "the event pr:opened is unknown, try pr:modified", ["pr:opened"]],
    ["has its own words", "Ungültig: [project:modified]", ["project:modified"]],
    ["names one that was not sent", "the event pr:declined is unknown", []],
    ["lists all", `one of ${sent.join(", ")}`, []],
    ["is about something else", "the url is not valid", []],
    ["says nothing", undefined, []],
  ])("that %s", (_, message, expected) => {
    const error = message === undefined ? {} : { message: String(message) };
    expect(refusedEvents({ errors: [error] }, sent)).toEqual(expected);
  });

  it.each([undefined, null, "text", [], { errors: "no" }, { errors: ["pr:opened"] }])(
    "that is %j",
    (answer) => {
      expect(refusedEvents(answer, sent)).toEqual([]);
    },
  );
});
