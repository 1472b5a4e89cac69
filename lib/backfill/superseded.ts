import { log } from "../aws/log.ts";
import { type EntityKey, keyOf } from "../port/entity.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext } from "./context.ts";

/** Entities that a sentence names. */
const named = 5;

/**
 * Of entities whose objects have another identifier by now, those that go: a user whose e-mail address changed, what
 * differs in upper and lower case only, or all of them when that was asked for. The others may be somebody's own work
 * that leads to the same page: they stay and are named, with what lets them go.
 * @param keys the entities that the mapping makes of the objects now
 */
export function chooseSuperseded(
  superseded: readonly Removal[],
  keys: ReadonlyMap<EntityKey, string>,
  context: BackfillContext,
): readonly Removal[] {
  if (superseded.length === 0) return [];
  const lowerCase = new Set([...keys.keys()].map((key) => key.toLowerCase()));
  const goes = superseded.filter(
    (removal) =>
      context.deleteSuperseded || removal.kind === "user" || lowerCase.has(keyOf(removal).toLowerCase()),
  );
  const stays = superseded.filter((removal) => !goes.includes(removal));
  for (const { kind } of stays) context.counts[kind].left++;
  const [first] = stays;
  if (first !== undefined) {
    const some = stays.slice(0, named).map(({ identifier }) => identifier);
    const more = stays.length > some.length ? ` and ${stays.length - some.length} more` : "";
    const note =
      `${first.blueprint}: ${some.join(", ")}${more} lead to objects that the mapping calls something else; if they ` +
      "are left from before their identifiers changed, --delete-superseded (on AWS: " +
      '{"deleteSuperseded": true} for resync) deletes them';
    log("warn", "entities under another identifier", { blueprint: first.blueprint, entities: stays.length });
    context.notes.push(note);
  }
  return goes;
}
