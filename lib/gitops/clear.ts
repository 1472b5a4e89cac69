import { type Entity, keyOf } from "../port/entity.ts";
import { differs } from "../sync/difference.ts";
import { queryFor, readEntities } from "../sync/read.ts";
import { upsertByBlueprint } from "../sync/upsert.ts";
import type { Blueprints } from "./blueprints.ts";
import type { GitopsContext } from "./context.ts";

/**
 * Writes entities that clear fields, where they are there and have something in them. What Port will not let go of (a
 * property that is required) stays.
 * @throws RequestError when Port cannot be read
 */
export async function clear(
  entities: readonly Entity[],
  { port, blueprints }: Pick<GitopsContext, "port" | "blueprints">,
): Promise<void> {
  const known = await Promise.all(entities.map((entity) => onlyKnown(entity, blueprints)));
  const existing = await readEntities(
    port,
    known.map((entity) => queryFor(entity)),
  );
  const due = known.filter((entity) => {
    const now = existing.get(keyOf(entity));
    return now !== undefined && differs(entity, now);
  });
  await upsertByBlueprint(port, due, false);
}

/** Without the fields that the blueprint does not have any more: Port would refuse all of it. */
async function onlyKnown(entity: Entity, blueprints: Blueprints): Promise<Entity> {
  const schema = await blueprints.read(entity.blueprint);
  const filtered = <Value>(fields: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => schema?.has(name)));
  return { ...entity, properties: filtered(entity.properties), relations: filtered(entity.relations) };
}
