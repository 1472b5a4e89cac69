import type { Jq } from "jq-wasm/inline";
import { type Expressions, placeOf, programOf } from "./program.ts";

/** Every expression that does not compile, by its path in the file. One call when all do, else one for each. */
export function compileFaults(jq: Jq, all: readonly Expressions[]): string[] {
  const places = all.flatMap(placesOf);
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

function placesOf(expressions: Expressions): (readonly [string, string])[] {
  const all = {
    ...(expressions.items !== undefined && { items: expressions.items }),
    ...expressions.single,
    ...prefixed("properties", expressions),
    ...prefixed("relations", expressions),
  };
  return Object.entries(all).map(([name, expression]) => [placeOf(expressions, name), expression] as const);
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
