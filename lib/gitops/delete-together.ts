import type { Entity } from "../port/entity.ts";
import { deleteEntities } from "../sync/delete.ts";
import { clear } from "./clear.ts";
import type { GitopsContext } from "./context.ts";
import { type EntityName, entityName, noFields, parseName } from "./names.ts";
import { undone } from "./plan.ts";

/**
 * Deletes entities that may relate to each other, also in circles, and nothing that depends on them.
 * @param relationsOf the relations that files wrote of an entity
 * @returns the names of those that are gone; Port keeps what others depend on
 * @throws RequestError when Port is away
 */
export async function deleteTogether(
  names: readonly EntityName[],
  relationsOf: (name: EntityName) => readonly string[],
  context: Pick<GitopsContext, "port" | "blueprints">,
): Promise<ReadonlySet<EntityName>> {
  const gone = new Set<EntityName>();
  await deleteInTurn(names, gone, context.port);
  const circle = names.filter((name) => !gone.has(name) && relationsOf(name).length > 0);
  if (circle.length === 0) return gone;
  const freed: Entity[] = circle.map((name) => undone(name, { ...noFields, relations: relationsOf(name) }));
  await clear(freed, context);
  await deleteInTurn(names, gone, context.port);
  return gone;
}

/** What depends on another one goes first: as often as anything goes. */
async function deleteInTurn(
  names: readonly EntityName[],
  gone: Set<EntityName>,
  port: GitopsContext["port"],
): Promise<void> {
  for (let before = -1; gone.size > before && gone.size < names.length; ) {
    before = gone.size;
    const left = names.filter((name) => !gone.has(name)).map(parseName);
    for (const [blueprint, own] of Map.groupBy(left, (name) => name.blueprint)) {
      const identifiers = own.map(({ identifier }) => identifier);
      for (const identifier of await deleteEntities(blueprint, identifiers, port)) {
        gone.add(entityName({ blueprint, identifier }));
      }
    }
  }
}
