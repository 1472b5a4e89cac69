import { expect, test } from "vitest";
import type { Entity } from "../../lib/port/entity.ts";
import type { Candidate, Version } from "../../lib/sync/candidate.ts";
import { groupByEntity } from "../../lib/sync/candidate-group.ts";

function candidate(
  intent: Candidate["intent"],
  version: Partial<Version> = {},
  entity: Partial<Entity> = {},
): Candidate {
  return {
    kind: "repository",
    entity: { identifier: "K/s", blueprint: "b", properties: {}, relations: {}, ...entity },
    intent,
    version: { order: 0, ...version },
    roles: {},
    enriched: ["documentation", "latestCommitAuthor"],
    sources: [0],
  };
}
/** The best of two, whichever comes first. */
function bestOf(a: Candidate, b: Candidate): Candidate | undefined {
  const [there] = groupByEntity([a, b]);
  const [back] = groupByEntity([b, a]);
  expect(there?.best).toEqual(back?.best);
  expect([there?.others.length, back?.others.length]).toEqual([1, 1]);
  return there?.best;
}

test("each entity has a group of its own", () => {
  const groups = groupByEntity([
    candidate("write"),
    candidate("write", {}, { identifier: "K/t" }),
    candidate("write", {}, { blueprint: "c" }),
    candidate("ensure"),
  ]);
  expect(groups.map(({ key, others }) => [key, others.length])).toEqual([
    ["b\nK/s", 1],
    ["b\nK/t", 0],
    ["c\nK/s", 0],
  ]);
  expect(groupByEntity([])).toEqual([]);
});

test.each([
  ["write", "refresh"],
  ["refresh", "ensure"],
  ["write", "ensure"],
] as const)("%s beats %s, however new", (better, worse) => {
  expect(bestOf(candidate(better, { updated: 1 }), candidate(worse, { updated: 2 }))?.intent).toBe(better);
});

test.each(["event", "word", "listed", undefined] as const)(
  "what Bitbucket was asked for beats a newer state that is known as %s",
  (proof) => {
    const other = candidate("write", { updated: 2, ...(proof === undefined ? {} : { proof }) });
    expect(bestOf(candidate("write", { updated: 1, proof: "asked" }), other)?.version.updated).toBe(1);
  },
);

test.each([
  ["event", "listed"],
  ["word", "listed"],
  ["event", "word"],
  ["asked", "asked"],
] as const)("between %s and %s the newest wins", (older, newer) => {
  const best = bestOf(
    candidate("write", { updated: 1, proof: older }),
    candidate("write", { updated: 2, proof: newer }),
  );
  expect(best?.version.updated).toBe(2);
});

const change = { properties: { name: "new", documentation: null }, relations: { project: "P" } };
const push = {
  properties: { name: "old", documentation: "# Text" },
  relations: { project: "Q", latestCommitAuthor: "ann" },
};

test("a change and a push to one repository become one: README and the like are the push's", () => {
  expect(bestOf(candidate("write", {}, change), candidate("refresh", {}, push))).toMatchObject({
    intent: "write",
    entity: {
      properties: { name: "new", documentation: "# Text" },
      relations: { project: "P", latestCommitAuthor: "ann" },
    },
  });
});

test("a change beside another one or a mention shows what it says itself", () => {
  for (const intent of ["write", "ensure"] as const) {
    const best = bestOf(candidate("write", { updated: 2 }, change), candidate(intent, { updated: 1 }, push));
    expect(best?.entity).toMatchObject(change);
  }
});

test("the newer of two pushes counts, and is not mixed with the other", () => {
  const newer = { properties: { documentation: "# Newer" }, relations: {} };
  const best = bestOf(
    candidate("refresh", { updated: 2 }, newer),
    candidate("refresh", { updated: 1 }, push),
  );
  expect(best?.entity).toMatchObject(newer);
  expect(best?.entity.relations).toEqual({});
});
