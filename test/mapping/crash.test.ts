import { expect, test } from "vitest";
import { createMapper } from "../../lib/mapping/mapper.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";

const mapping = (title: string) => `
resources:
  - kind: project
    port:
      entity:
        mappings:
          identifier: .key
          title: '${title}'
          blueprint: '"p"'
`;

test("a mapper whose jq has crashed says so, and a new one works", async () => {
  const greedy = parseMapping(mapping("[range(60000000)] | length | tostring"), "greedy");
  const mapper = await createMapper(greedy, "greedy");
  expect(mapper.usable()).toBe(true);
  expect(() => mapper.map("project", [{ key: "A" }])).toThrow();
  expect(mapper.usable()).toBe(false);

  const modest = await createMapper(parseMapping(mapping(".name"), "modest"), "modest");
  expect(modest.map("project", [{ key: "A", name: "a" }])[0]?.entities[0]?.title).toBe("a");
  expect(modest.usable()).toBe(true);
});

test("thousands of large objects are mapped without a crash", async () => {
  const mapper = await createMapper(parseMapping(mapping(".name"), "modest"), "modest");
  const objects = Array.from({ length: 6_000 }, (_, index) => ({
    key: String(index),
    name: "n",
    text: "x".repeat(5_000),
  }));
  const mapped = mapper.map("project", objects);
  expect(mapped).toHaveLength(6_000);
  expect(mapped[5_999]?.entities[0]?.identifier).toBe("5999");
  expect(mapper.usable()).toBe(true);
});
