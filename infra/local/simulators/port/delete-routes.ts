import type { Answer } from "../http.ts";
import { blueprintOf, type Context, ok, queryFlags } from "./context.ts";
import { entityList, existing } from "./entity-routes.ts";
import { dependentsOf } from "./links.ts";
import { invalid, refused } from "./refusals.ts";
import { drop, find, write } from "./store.ts";
import type { Store, Stored } from "./stored.ts";
import { merged } from "./upsert.ts";

export function deleteEntity(context: Context, blueprint: string, identifier: string): Answer {
  const { delete_dependents } = queryFlags(context, ["delete_dependents"]);
  const stored = existing(context, blueprint, identifier);
  dropAll(context, [stored], delete_dependents);
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
  dropAll(context, found, delete_dependents);
  return ok({ deletedEntities: found.map(({ identifier }) => identifier) });
}

/** Drops them all, or none when one that stays depends on one that goes, unless dependents are let go. */
function dropAll({ store, settings }: Context, roots: readonly Stored[], withDependents: boolean): void {
  const doomed = new Set(roots);
  for (const stored of doomed) {
    for (const dependent of dependentsOf(store, stored)) {
      if (withDependents) doomed.add(dependent);
      else if (!doomed.has(dependent) && settings.dependents !== "let-go")
        throw refused(settings.dependents, "has_dependents", `"${stored.identifier}" has dependents`);
    }
  }
  for (const stored of doomed) {
    const staying = [...dependentsOf(store, stored)].filter((dependent) => !doomed.has(dependent));
    for (const dependent of staying) letGo(store, dependent, stored);
    drop(store, stored);
  }
}

/** Ends a relation to what is about to go. */
function letGo(store: Store, dependent: Stored, target: Stored): void {
  const schemas = store.blueprints.get(dependent.blueprint)?.relations ?? {};
  const relations = Object.entries(dependent.relations).map(([name, value]) => {
    if (schemas[name]?.target !== target.blueprint) return [name, value];
    const rest = [value].flat().filter((identifier) => identifier !== target.identifier);
    return [name, Array.isArray(value) ? rest : (rest[0] ?? null)];
  });
  write(store, dependent.blueprint, { ...merged(dependent, {}), relations: Object.fromEntries(relations) });
}
