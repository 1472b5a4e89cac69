import fc from "fast-check";
import { expect, it } from "vitest";
import type { JsonObject } from "../../lib/json.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { pullRequest } from "../support/payloads.ts";

const latest = Date.UTC(2100, 0);

it.each([
  ["default", (ms: number) => new Date(ms).toISOString()],
  ["port-docs", (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z")],
] as const)(
  "any date of a pull request comes out of the %s mapping as the same moment",
  async (name, written) => {
    const mapper = await loadMapper(name);
    const date = fc.oneof(
      fc.integer({ min: 1_000, max: latest }),
      fc.nat(2_000_000_000).map((s) => s * 1000 + 999),
    );
    fc.assert(
      fc.property(fc.array(date, { minLength: 100, maxLength: 200 }), (dates) => {
        const objects: JsonObject[] = dates.map((at, id) =>
          pullRequest(id, { createdDate: at, updatedDate: at + 1 }),
        );
        const found = mapper.map("pull-request", objects).map(({ entities }) => {
          const { created_on, updated_on } = entities[0]?.properties ?? {};
          return [created_on, updated_on];
        });
        expect(found).toEqual(dates.map((at) => [written(at), written(at + 1)]));
      }),
      { numRuns: 10 },
    );
  },
);

it("a date that is none counts as null, is told and costs nothing else", async () => {
  const mapper = await loadMapper("default");
  const [mapped] = mapper.map("pull-request", [pullRequest(7, { createdDate: "soon" })]);
  expect(mapped?.failed.map(({ place }) => place)).toEqual([
    "resources[3].port.entity.mappings.properties.created_on",
  ]);
  expect(mapped?.entities[0]).toMatchObject({
    identifier: "PRJ/app/7",
    properties: { updated_on: "2024-05-01T10:00:00.000Z" },
  });
});
