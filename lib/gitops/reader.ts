import { type Alias, isAlias, isCollection, isPair, isScalar, type Pair, type ParsedNode } from "yaml";
import type { ParsedYaml } from "./yaml.ts";

/** What the aliases of a file may stand for in all, in characters: a few lines can stand for gigabytes. */
const mostAliased = 1024 * 1024;
/** What an alias costs however short its target is. */
const aliasCost = 16;
/** The tags that say what is so anyway. */
const plainTag = /^(!|tag:yaml\.org,2002:(str|int|float|bool|null|map|seq))$/;

/** What stands behind a key or a dash; null for nothing, not even a colon. */
export type Value = ParsedNode | null;

/** Reads the nodes of one entry, and takes down what is wrong with them. */
export interface Reader {
  /** What cannot be understood, as parts of a sentence. */
  readonly faults: string[];
  /** A fault with the line of a node. */
  readonly faultAt: (node: ParsedNode, fault: string) => void;
  readonly lineOf: (node: ParsedNode) => number;
  /** What an alias stands for, any other node as it is. Undefined, with a fault, when it stands for nothing. */
  readonly follow: (node: Value) => Value | undefined;
}

/** Makes readers for the entries of a file, which share what aliases may stand for. */
export function createReaders({ documents, lineOf }: ParsedYaml): () => Reader {
  const targets = new Map<Alias, ParsedNode>();
  for (const { contents } of documents) findTargets(contents, targets);
  let aliased = 0;
  return () => {
    const faults: string[] = [];
    const faultAt = (node: ParsedNode, fault: string) => void faults.push(`line ${lineOf(node)}: ${fault}`);
    function follow(node: Value): Value | undefined {
      if (node === null) return null;
      const target = isAlias(node) ? targets.get(node) : node;
      if (isAlias(node)) {
        const [start = 0, end = 0] = target?.range ?? [];
        aliased += aliasCost + end - start;
      }
      if (target === undefined) faultAt(node, "an alias stands for nothing above it");
      else if (isAlias(node) && aliased > mostAliased)
        faultAt(node, "the aliases up to here stand for more than 1 MiB");
      else if (target?.tag !== undefined && !plainTag.test(target.tag))
        faultAt(node, `the tag ${target.tag.slice(0, 40)} has no meaning here`);
      else return target;
      return undefined;
    }
    return { faults, faultAt, lineOf, follow };
  };
}

/**
 * An alias stands for the last node above it that has its name. The library looks through the whole document for each
 * of them; all at once, it takes one walk, which is no recursion because the document may be deep.
 */
function findTargets(root: Value, targets: Map<Alias, ParsedNode>): void {
  const named = new Map<string, ParsedNode>();
  const open: (Value | Pair<unknown, unknown>)[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isPair(node)) open.push(node.value as Value, node.key as Value);
    else if (isAlias(node)) {
      const target = named.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isScalar(node) || isCollection(node)) {
      if (node.anchor !== undefined) named.set(node.anchor, node);
      if (isCollection(node)) for (const item of node.items.toReversed()) open.push(item as Value | Pair);
    }
  }
}
