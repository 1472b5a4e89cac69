import * as z from "zod/mini";
import type { Json, JsonObject } from "../json.ts";
import type { Entity, RelationValue } from "./entity.ts";

const looseRecord = z.catch(z.nullish(z.record(z.string(), z.unknown())), {});

/** Entities as Port's search gives them: tolerant, because only what we asked for has to be there. */
export const foundEntities = z.object({
  entities: z.array(
    z.object({
      identifier: z.string(),
      title: z.catch(z.nullish(z.string()), undefined),
      icon: z.catch(z.nullish(z.string()), undefined),
      team: z.nullish(z.unknown()),
      properties: looseRecord,
      relations: looseRecord,
    }),
  ),
  next: z.catch(z.nullish(z.string()), undefined),
});

/** A found entity, in the shape of the ones that the mapping makes. */
export function toEntity(
  blueprint: string,
  found: z.infer<typeof foundEntities>["entities"][number],
): Entity {
  return {
    identifier: found.identifier,
    blueprint,
    ...(found.title == null ? {} : { title: found.title }),
    ...(found.icon == null ? {} : { icon: found.icon }),
    ...(found.team == null ? {} : { team: found.team as Json }),
    properties: (found.properties ?? {}) as JsonObject,
    relations: (found.relations ?? {}) as Record<string, RelationValue>,
  };
}
