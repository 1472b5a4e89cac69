import { loadJq } from "jq-wasm/inline";
import { expect, it, test } from "vitest";
import { evaluate } from "../../lib/mapping/evaluate.ts";
import { createJqPool } from "../../lib/mapping/jq-pool.ts";
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
/** What is too deep for jq to write down. */
const deep = "reduce range(2000) as $level (.; [.])";
const greedy = `if .greedy then ${deep} else . end`;
const crashes = { permanent: true, reason: "jq crashes while mapping it" };
const later = { permanent: false, reason: "jq has crashed and is not back yet" };

/** What becomes of objects of which these are greedy; all that shall stand by do. */
async function fates(size: number, ...culprits: number[]) {
  const pool = createJqPool(await loadJq());
  await pool.filled();
  const texts = Array.from({ length: size }, (_, key) =>
    JSON.stringify({ key, greedy: culprits.includes(key) }),
  );
  return { pool, given: evaluate(pool, texts, `map(${greedy} | [.])`) };
}
const fine = (key: number) => [{ key, greedy: false }];

it("an object that jq crashes on costs nobody else anything", async () => {
  const { pool, given } = await fates(5, 2);
  expect(given).toEqual([fine(0), fine(1), crashes, fine(3), fine(4)]);
  await pool.filled();
  expect(evaluate(pool, ["1"], "map([.])")).toEqual([[1]]);
});

it("where more of them come than jq stands by for, the others are for another time, and then go well", async () => {
  const { pool, given } = await fates(5, 1, 2);
  expect(given).toEqual([fine(0), crashes, crashes, later, later]);
  expect(pool.current).toBeUndefined();
  await pool.filled();
  expect(evaluate(pool, ["3", "4"], "map([.])")).toEqual([[3], [4]]);
});

it("an object that jq gives nothing for is found by halves, whatever their number", async () => {
  const pool = createJqPool(await loadJq());
  const texts = Array.from({ length: 50 }, (_, key) => String(key));
  const given = evaluate(pool, texts, "if any(. == 7 or . == 33) then halt else map([.]) end");
  const noResult = { permanent: true, reason: "jq gives no result for it" };
  expect(given).toEqual(texts.map((_, key) => (key === 7 || key === 33 ? noResult : [key])));
});

test("a mapper whose jq has crashed goes on with another one", async () => {
  const title = `if .greedy then ${deep} else .name end`;
  const mapper = await createMapper(parseMapping(mapping(title), "greedy"), "greedy");
  const [first] = mapper.map("project", [{ key: "A", greedy: true }]);
  expect(first).toMatchObject({ entities: [], fault: crashes });
  await expect.poll(mapper.usable).toBe(true);
  const [second] = mapper.map("project", [{ key: "B", name: "b" }]);
  expect(second).toMatchObject({ entities: [{ identifier: "B", title: "b" }] });
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
