import type { Entity } from "../port/entity.ts";
import { unknownFields } from "../port/violations.ts";
import type { Model } from "./model.ts";
import { inWords } from "./refused.ts";

/**
 * What Port's data model lacks for entities: a blueprint, or properties and relations that the mapping sets. Port refuses
 * whole searches and writes for it, so that it is known beforehand, and told with its cure.
 * @returns a sentence for each blueprint that lacks something
 * @throws RequestError
 */
export async function lacking(
  entities: readonly Entity[],
  model: Model,
): Promise<ReadonlyMap<string, string>> {
  const byBlueprint = Map.groupBy(entities, ({ blueprint }) => blueprint);
  await model.learn(byBlueprint.keys());
  const lacks = [...byBlueprint].filter((entry) => whatIsLacking(entry, model) !== undefined);
  // Somebody may have mended it just now.
  for (const [blueprint] of lacks) model.forget(blueprint);
  await model.learn(lacks.map(([blueprint]) => blueprint));
  return new Map(
    lacks.flatMap((entry) => {
      const sentence = whatIsLacking(entry, model);
      return sentence === undefined ? [] : [[entry[0], sentence] as const];
    }),
  );
}

function whatIsLacking(
  [identifier, entities]: readonly [string, readonly Entity[]],
  model: Model,
): string | undefined {
  const cure = "run setup, or make it in Port where setup does not know it";
  if (model.isMissing(identifier)) return `port 404: a blueprint is missing, ${identifier}: ${cure}`;
  const blueprint = model.find(identifier);
  if (blueprint === undefined) return undefined;
  const fields = new Map(
    entities.flatMap((entity) => unknownFields(entity, blueprint)).map((it) => [it.field, it]),
  );
  return fields.size === 0 ? undefined : `port 422: ${[...fields.values()].map(inWords).join("; ")}: ${cure}`;
}
