import { isMap, isScalar, isSeq, type ParsedNode, Scalar, type YAMLMap } from "yaml";
import type { Reader, Value } from "./reader.ts";
import { quote, wellFormed } from "./text.ts";

/** Mappings and lists within each other. No one writes so many, and each is a step of recursion. */
export const deepest = 100;

/** A mapping's keys, as texts, with what they stand for. */
export type Keys = ReadonlyMap<string, Value>;

/**
 * The keys of a mapping, with those that `<<` takes from others: YAML 1.2 does not know it, but everyone does. What is
 * written here wins over what is taken.
 */
export function keysOf(mapping: YAMLMap, reader: Reader, depth: number): Keys {
  const keys = new Map<string, Value>();
  const lines = new Map<string, number>();
  const taken: ParsedNode[] = [];
  for (const pair of mapping.items) {
    const [keyNode, value] = [pair.key as ParsedNode, pair.value as Value];
    const node = reader.follow(keyNode);
    const key = node === undefined ? undefined : textOf(node);
    if (isMerge(keyNode)) taken.push(value ?? keyNode);
    else if (key === undefined || key === "") reader.faultAt(keyNode, "a key is no text");
    else if (key === "__proto__") reader.faultAt(keyNode, "__proto__ cannot be a key");
    else if (keys.has(key))
      reader.faultAt(keyNode, `the key ${quote(key)} is on line ${lines.get(key)} already`);
    else {
      keys.set(key, value);
      lines.set(key, reader.lineOf(keyNode));
    }
  }
  for (const from of taken) for (const entry of takenFrom(from, reader, depth)) addNew(keys, entry);
  return keys;
}

/** What a scalar says, as it is written: `1.10` and `0777` stay so. Undefined for a mapping or a list. */
export function textOf(node: Value): string | undefined {
  return isScalar(node) ? scalarText(node) : undefined;
}

export function scalarText({ value, source }: Scalar.Parsed): string {
  return wellFormed(typeof value === "string" ? value : source);
}

function isMerge(node: Value): boolean {
  return isScalar(node) && node.value === "<<" && node.type === Scalar.PLAIN;
}

function takenFrom(from: ParsedNode, reader: Reader, depth: number): Keys {
  const node = reader.follow(from);
  if (isMap(node) && depth < deepest) return keysOf(node, reader, depth + 1);
  const all = new Map<string, Value>();
  if (isSeq(node) && depth < deepest) {
    for (const item of node.items)
      for (const entry of takenFrom(item as ParsedNode, reader, depth + 1)) addNew(all, entry);
  } else if (node !== undefined) reader.faultAt(from, "<< takes neither a mapping nor a list of mappings");
  return all;
}

function addNew(keys: Map<string, Value>, [key, value]: readonly [string, Value]): void {
  if (!keys.has(key)) keys.set(key, value);
}
