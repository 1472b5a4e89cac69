import type { Jq } from "jq-wasm/inline";
import { type Expressions, programOf } from "./program.ts";

/** Every expression that does not compile, by its path in the file. One call when all do, else one for each. */
export function compileFaults(jq: Jq, all: readonly Expressions[]): string[] {
  const places = all.flatMap((expressions, index) => placesOf(expressions, index));
  const definitions = places.map(([, expression], index) => `def f${index}: ${expression}\n;`).join("\n");
  const program = programOf(all);
  if (compiles(jq, `${definitions} empty`) && compiles(jq, `[] | ${program}`)) return [];
  return places.flatMap(([path, expression]) => {
    // The first finds parentheses that close too early, the second what is not defined or ends the expression.
    const stderr =
      [`def f: ${expression}\n; empty`, `empty | (${expression}\n)`]
        .map((it) => jq.raw(null, it).stderr)
        .find((it) => it !== "") ?? "";
    return stderr === "" ? [] : [`${path}: ${firstLine(stderr)}`];
  });
}

function placesOf(expressions: Expressions, index: number): (readonly [string, string])[] {
  const { selector = "true", ...single } = expressions.single;
  const mappings = {
    ...single,
    ...prefixed("properties", expressions),
    ...prefixed("relations", expressions),
  };
  const places = Object.entries(mappings).map(
    ([place, expression]) => [`resources[${index}].port.entity.mappings.${place}`, expression] as const,
  );
  return [[`resources[${index}].selector.query`, selector], ...places];
}

function prefixed(group: "properties" | "relations", expressions: Expressions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(expressions[group]).map(([name, value]) => [`${group}.${name}`, value]),
  );
}

function compiles(jq: Jq, program: string): boolean {
  return jq.raw(null, program).exitCode === 0;
}

function firstLine(stderr: string): string {
  return (stderr.split("\n")[0] ?? "").replace(/^jq: error: /, "");
}
