import { describe, expect, it } from "vitest";
import type { ExpectedEntity } from "./catalog.ts";
import type { State } from "./history.ts";
import { mixture, standing } from "./track.ts";

const state = (from: number, object: string, fields: ExpectedEntity["fields"]): State => ({
  from,
  entity: { blueprint: "b", identifier: "i", object, optional: false, fields },
});

/** `docs` became `docs-old`, and another repository became `docs`. */
const states: State[] = [
  { from: Number.NEGATIVE_INFINITY, entity: undefined },
  state(1, "repository 1", { title: "one", "properties.link": "/docs", "properties.description": "first" }),
  state(2, "repository 1", { title: "uno", "properties.link": "/docs", "properties.description": "first" }),
  { from: 3, entity: undefined },
  state(4, "repository 2", { title: "two", "properties.link": "/docs", "properties.description": "second" }),
  state(5, "repository 2", { title: "one", "properties.link": "/docs", "properties.description": "second" }),
];

describe("a value that is written", () => {
  it.each([
    ["was true as late as what was there", '"uno"', 1, { is: "onward", index: 2 }],
    ["may be taken for its own second time", '"one"', 2, { is: "onward", index: 5 }],
    ["was true only before", '"uno"', 4, { is: "backward", index: 2 }],
    ["was never true", '"three"', 0, { is: "never true" }],
  ])("%s", (_, text, from, expected) => {
    expect(standing(states, "title", text, from)).toEqual(expected);
  });
});

describe("an entity", () => {
  it("is a mixture when no object has all that it shows", () => {
    expect(mixture(states, { title: "uno", "properties.description": "second" })).toMatch(
      /title of repository 1, properties.description of repository 2/,
    );
  });

  it.each([
    [{ title: "one", "properties.description": "second", "properties.link": "/docs" }],
    [{ title: "one", "properties.description": "first" }],
    [{ title: "uno", "properties.description": "nobody's" }],
    [{ title: "uno", "properties.documentation": "of whomever" }],
  ])("is none when one has: %j", (fields) => {
    expect(mixture(states, fields)).toBeUndefined();
  });
});
