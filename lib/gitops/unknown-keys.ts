import { entityKeys, meantKey } from "./key.ts";
import type { Keys } from "./mapping.ts";
import { quote } from "./text.ts";

const known: ReadonlySet<string> = new Set(entityKeys);
/** As many are named; a file of something else can have thousands. */
const mostNamed = 10;

/**
 * Takes down which keys of an entry no entity has. One that is a known one with a typo is a fault instead: without its
 * `properties` an entity would lose them all.
 */
export function findUnknownKeys(
  keys: Keys,
  line: number,
  faults: string[],
  unknown: Map<string, number[]>,
): void {
  for (const key of keys.keys()) {
    if (known.has(key)) continue;
    const meant = meantKey(key);
    if (meant !== undefined && !keys.has(meant)) faults.push(`no entity has ${quote(key)} (${meant}?)`);
    else unknown.set(key, [...(unknown.get(key) ?? []), line]);
  }
}

/** Sentences about keys that are ignored. */
export function tellUnknownKeys(unknown: ReadonlyMap<string, readonly number[]>): readonly string[] {
  const sentences = [...unknown].slice(0, mostNamed).map(([key, [first, ...others]]) => {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `No entity has ${quote(key)}: it is ignored (entity on line ${first}${more}).`;
  });
  return unknown.size > mostNamed
    ? [...sentences, `${unknown.size - mostNamed} more keys are ignored.`]
    : sentences;
}
