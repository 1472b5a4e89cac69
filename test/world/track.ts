import { type Fields, textOf } from "./catalog.ts";
import type { State } from "./history.ts";

/** How a value that was written stands to what was true so far. */
export type Standing =
  /** It was true at least as late as what was there before. */
  | { readonly is: "onward"; readonly index: number }
  /** It was true, but only before what was there. */
  | { readonly is: "backward"; readonly index: number }
  | { readonly is: "never true" };

/** Places a value among what was true of its field; `from` is the state that Port had come to. */
export function standing(states: readonly State[], field: string, text: string, from: number): Standing {
  let last = -1;
  for (const [index, { entity }] of states.entries()) {
    if (entity === undefined || textOf(entity.fields[field]) !== text) continue;
    if (index >= from) return { is: "onward", index };
    last = index;
  }
  return last >= 0 ? { is: "backward", index: last } : { is: "never true" };
}

/** Fields that differ, with both values as text. */
export function changes(before: Fields, after: Fields): { field: string; old: string; text: string }[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => ({ field, old: textOf(before[field]), text: textOf(after[field]) }))
    .filter(({ old, text }) => old !== text);
}

/** Fields that come from beyond the object and may take a while longer. */
const enriched = ["properties.documentation", "relations.latestCommitAuthor"];

/**
 * The objects whose states an entity shows, by field, when no single object has them all; undefined when one has.
 * Two objects in one entity is what identifiers are there to prevent.
 */
export function mixture(states: readonly State[], fields: Fields): string | undefined {
  let common: Set<string> | undefined;
  const seen: string[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (enriched.includes(field) || textOf(value) === "") continue;
    const objects = new Set<string>();
    for (const { entity } of states)
      if (entity !== undefined && textOf(entity.fields[field]) === textOf(value)) objects.add(entity.object);
    if (objects.size === 0) continue;
    seen.push(`${field} of ${[...objects].join(" or ")}`);
    common = common === undefined ? objects : common.intersection(objects);
  }
  return common?.size === 0 ? seen.join(", ") : undefined;
}
