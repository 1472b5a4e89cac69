import { readFileSync } from "node:fs";
import { parse, type ScalarTag } from "yaml";

const tags: ScalarTag[] = [
  { tag: "!Ref", resolve: (id) => ({ Ref: id }) },
  { tag: "!GetAtt", resolve: (path) => ({ "Fn::GetAtt": path.split(".") }) },
  { tag: "!Sub", resolve: (text) => ({ "Fn::Sub": text }) },
];

/** What a file of YAML with CloudFormation's tags holds. */
export function readYaml(path: string): unknown {
  return parse(readFileSync(path, "utf8"), { customTags: tags });
}

/** Puts in the values of the variables that are known; a text that is nothing but a variable takes its type. */
export function fillIn(node: unknown, variables: ReadonlyMap<string, unknown>): unknown {
  if (typeof node === "string") return fillInText(node, variables);
  if (Array.isArray(node)) return node.map((item) => fillIn(item, variables));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fillIn(value, variables)]));
}

function fillInText(text: string, variables: ReadonlyMap<string, unknown>): unknown {
  const whole = /^\$\{([^}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined && variables.has(whole)) return variables.get(whole);
  return text.replaceAll(/\$\{([^}]+)\}/g, (found, name) => String(variables.get(name) ?? found));
}
