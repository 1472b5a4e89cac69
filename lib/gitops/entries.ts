import { isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import { type Keys, keysOf } from "./mapping.ts";
import { createReaders, type Reader, type Value } from "./reader.ts";
import type { ParsedYaml } from "./yaml.ts";

/** What should be an entity: a document, or an item of one that is a list. */
export interface Entry {
  readonly line: number;
  /** Undefined when it is no mapping. */
  readonly keys: Keys | undefined;
  /** With the faults that its keys have. */
  readonly reader: Reader;
}

/** A file's entries. An empty document or item is none. */
export function entriesOf(yaml: ParsedYaml): readonly Entry[] {
  const createReader = createReaders(yaml);
  const values = yaml.documents.flatMap(({ contents }) =>
    isSeq(contents) ? (contents.items as Value[]) : [contents],
  );
  return values.filter(isSomething).map((value) => readEntry(value, createReader()));
}

function isSomething(value: Value): value is ParsedNode {
  return value !== null && !(isScalar(value) && value.value === null);
}

function readEntry(value: ParsedNode, reader: Reader): Entry {
  // A mapping with a tag has a fault, and keys all the same: they tell whether it is to be an entity.
  const node = reader.follow(value) ?? value;
  const keys = isMap(node) ? keysOf(node, reader, 0) : undefined;
  if (keys === undefined) reader.faults.push("it is no mapping of keys to values");
  return { line: reader.lineOf(value), keys, reader };
}
