import { isMap, isScalar, isSeq, type ParsedNode, type Scalar } from "yaml";
import type { Json } from "../json.ts";
import { deepest, keysOf, scalarText } from "./mapping.ts";
import type { Reader, Value } from "./reader.ts";
import { wellFormed } from "./text.ts";

/** A node as JSON; null, with faults, where it is none. */
export function toJson(value: Value, reader: Reader, depth = 0): Json {
  if (value === null) return null;
  const node = reader.follow(value);
  if (isScalar(node)) return toScalar(node, value, reader);
  if (!isSeq(node) && !isMap(node)) return null;
  if (depth === deepest) {
    reader.faultAt(value, `more than ${deepest} mappings and lists stand within each other`);
    return null;
  }
  if (isSeq(node)) return node.items.map((item) => toJson(item as Value, reader, depth + 1));
  const keys = [...keysOf(node, reader, depth)];
  return Object.fromEntries(keys.map(([key, inner]) => [key, toJson(inner, reader, depth + 1)]));
}

/** The text, or the list of texts, that a node is, as written; anything else as JSON. */
export function toTexts(value: Value, reader: Reader, depth = 0): Json {
  const node = reader.follow(value);
  if (node === undefined) return null;
  if (isSeq(node) && depth === 0) return node.items.map((item) => toTexts(item as Value, reader, 1));
  return isScalar(node) && node.value !== null ? scalarText(node) : toJson(node, reader, depth);
}

function toScalar({ value, source }: Scalar.Parsed, at: ParsedNode, reader: Reader): Json {
  if (typeof value === "string") return wellFormed(value);
  if (typeof value !== "number") return typeof value === "boolean" ? value : null;
  const isExact = Number.isSafeInteger(value) || !/^([-+]?\d+|0[ox][\da-f]+)$/i.test(source);
  if (!Number.isFinite(value))
    reader.faultAt(at, "a number is not finite: if it is a text, put it in quotes");
  else if (!isExact)
    reader.faultAt(at, "a number is too large to be kept exactly: if it is a text, put it in quotes");
  return value;
}
