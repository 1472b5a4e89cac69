import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DefinitionFile } from "../../lib/gitops/definition.ts";
import { withoutDuplicates } from "../../lib/gitops/duplicates.ts";
import { linksOf } from "../../lib/gitops/links.ts";
import { readDefinitions } from "../../lib/gitops/read-file.ts";
import { withLinks } from "../../lib/gitops/with-links.ts";
import type { Json } from "../../lib/json.ts";
import { safeIdentifier } from "../../lib/port/entity.ts";

/** What YAML is made of, so that much of it is some. */
const piece = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "identifier: ",
      "blueprint: ",
      "properties:\n",
      "relations: ",
      "team: ",
      "a",
      "b",
      "\n",
      "\n  ",
      "\n- ",
      "---\n",
      ": ",
      "[",
      "]",
      "{",
      "}",
      ", ",
      "&a ",
      "*a",
      "<<: ",
      "!x ",
      "'",
      '"',
      "|\n",
      "# ",
      "? ",
      "%",
      "{{ ",
      "file://",
      "../",
      ".nan",
      "1e9",
      "null",
      "\\ud800",
      "\\0",
      "\t",
      "\r\n",
      "\ufeff",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) },
);
const yamlLike = fc
  .array(piece, { maxLength: 60 })
  .map((pieces) => new TextEncoder().encode(pieces.join("")));
const valid = fc
  .array(
    fc.record({
      blueprint: fc.constantFrom("a", "b", "c d"),
      identifier: fc.oneof(fc.constantFrom("x", "y"), fc.string()),
      properties: fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()),
      relations: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.constant(null), fc.array(fc.string()))),
    }),
    { maxLength: 5 },
  )
  .map((entities) => new TextEncoder().encode(JSON.stringify(entities)));
const anyFile = fc.oneof(fc.uint8Array({ maxLength: 300 }), yamlLike, valid);

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

function check(file: DefinitionFile): void {
  const { path, status, definitions, problems } = file;
  expect(path).toBe("a/port.yml");
  if (status !== "OK") expect(problems).not.toEqual([]);
  if (status === "IGNORED") expect(definitions).toEqual([]);
  for (const { place, ...entity } of definitions) {
    expect(place.line).toBeGreaterThan(0);
    expect(safeIdentifier(entity.identifier)).toBe(entity.identifier);
    expect(JSON.parse(JSON.stringify(entity))).toEqual(entity);
    for (const text of textsIn(entity)) expect(text.isWellFormed() && !text.includes("\0")).toBe(true);
  }
  for (const problem of problems) {
    expect(problem.isWellFormed()).toBe(true);
    expect(problem).toMatch(/^[A-Z][^\0\n\r]*\.$/);
  }
}

describe("whatever a file holds,", () => {
  it("it is read without an error, into well-formed texts and entities that JSON can hold", () => {
    fc.assert(
      fc.property(anyFile, fc.boolean(), (bytes, isWhole) =>
        check(readDefinitions("a/port.yml", bytes, isWhole)),
      ),
      { numRuns: 500 },
    );
  });

  it("its links can be put in place, and nothing in it is there twice", () => {
    fc.assert(
      fc.property(anyFile, (bytes) => {
        const [file] = withoutDuplicates([readDefinitions("a/port.yml", bytes, true)]);
        if (file === undefined) throw new Error("no file");
        check(file);
        for (const definition of file.definitions) {
          const contents = new Map(
            linksOf(definition).flatMap((link) =>
              "target" in link ? [[link.target, { is: "here", text: "x" } as const] as const] : [],
            ),
          );
          check({ ...file, definitions: [withLinks(definition, contents, () => true).definition] });
        }
        const keys = file.definitions.map(({ blueprint, identifier }) => `${blueprint} ${identifier}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 200 },
    );
  });

  it("what JSON says is what is read", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (properties) => {
        const bytes = new TextEncoder().encode(
          JSON.stringify({ identifier: "a", blueprint: "b", properties }),
        );
        const { definitions, problems } = readDefinitions("port.yml", bytes, true);
        const onPurpose = /a key is no text|__proto__ cannot be a key|too large to be kept exactly/;
        for (const problem of problems) expect(problem).toMatch(onPurpose);
        fc.pre(problems.length === 0);
        expect(definitions[0]?.properties).toEqual(JSON.parse(JSON.stringify(properties)));
      }),
    );
  });
});
