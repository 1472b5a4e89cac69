import type { Answer } from "../http.ts";
import { blueprintOf, type Context, ok, queryFlags } from "./context.ts";
import { entityList, existing } from "./entity-routes.ts";
import { dependentsOf } from "./links.ts";
import { invalid, refused } from "./refusals.ts";
import { drop, find } from "./store.ts";
import type { Store, Stored } from "./stored.ts";

export function deleteEntity(context: Context, blueprint: string, identifier: string): Answer {
  const { delete_dependents } = queryFlags(context, ["delete_dependents"]);
  const stored = existing(context, blueprint, identifier);
  dropAll(context.store, [stored], delete_dependents);
  return ok({});
}

export function bulkDelete(context: Context, blueprint: string): Answer {
  const { delete_dependents } = queryFlags(context, ["delete_dependents"]);
  blueprintOf(context, blueprint);
  const identifiers = entityList(context, 100).map((identifier, index) => {
    if (typeof identifier !== "string") throw invalid(`body/entities/${index} must be string`);
    return identifier;
  });
  const found = [...new Set(identifiers)]
    .map((identifier) => find(context.store, blueprint, identifier))
    .filter((stored) => stored !== undefined);
  dropAll(context.store, found, delete_dependents);
  return ok({ deletedEntities: found.map(({ identifier }) => identifier) });
}

/** Drops them all, or none when one that stays depends on one that goes. */
function dropAll(store: Store, roots: readonly Stored[], withDependents: boolean): void {
  const doomed = new Set(roots);
  for (const stored of doomed) {
    for (const dependent of dependentsOf(store, stored)) {
      if (withDependents) doomed.add(dependent);
      else if (!doomed.has(dependent))
        throw refused(422, "has_dependents", `"${stored.identifier}" has dependents`);
    }
  }
  for (const stored of doomed) drop(store, stored);
}
