import { kinds } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { isIdentity, placeOf } from "../mapping/program.ts";
import type { MappedEntity } from "../mapping/result.ts";
import type { Entity } from "../port/entity.ts";
import { fitted } from "../port/fit.ts";
import { violations } from "../port/violations.ts";
import { toEntity } from "../sync/map.ts";
import { faultOf, type MappedSource, mapEachSource, shownAs } from "../sync/map-sources.ts";
import type { SourceObject } from "../sync/observe.ts";

export interface Fault {
  readonly place: string;
  /** In words that hold no value of the object. */
  readonly message: string;
  /** The mapping's, where it is one that fails. */
  readonly expression?: string;
}

/** What a mapping makes of one object. */
export interface MappedObject {
  readonly file: string;
  readonly kind: string;
  /** E.g. `pull-request:mopp/app/7`. */
  readonly name: string;
  readonly entities: readonly Entity[];
  readonly skipped: readonly { readonly place: string; readonly reason: string }[];
  readonly faults: readonly Fault[];
}

/** Gives a blueprint; undefined where it is not known. */
export type BlueprintOf = (identifier: string) => JsonObject | undefined;

/** What live events and backfills make of source objects, what depends on others first, and what is wrong with it. */
export function mapObjects(
  file: string,
  sources: readonly SourceObject[],
  mapper: Mapper,
  blueprintOf: BlueprintOf,
): MappedObject[] {
  const rank = ({ source }: MappedSource) => -kinds.indexOf(source.kind);
  return mapEachSource(mapper, sources)
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ source, result }) => {
      const made = result.entities.map((mapped) => {
        const entity = toEntity(mapped);
        return { mapped, entity: fitted(entity, blueprintOf(entity.blueprint)) };
      });
      const lost = faultOf({ ...source, intent: "write" }, result);
      const isTold = result.unidentified !== undefined;
      // Not everybody has what a mapping calls users by.
      const isNobody = source.kind === "user" && result.unidentified === "empty";
      const failed = result.failed.filter((it) => !(isNobody && isIdentity(it.place)));
      return {
        file,
        kind: source.kind,
        name: shownAs(source),
        entities: lost === undefined ? made.map(({ entity }) => entity) : [],
        skipped: [
          ...result.skipped.map((place) => ({ place, reason: "its selector says no" })),
          ...result.failed
            .filter((it) => !failed.includes(it))
            .map(({ place }) => ({ place, reason: "it gives nothing" })),
        ],
        faults: [
          ...failed.map(({ place, expression, reason }) => ({ place, message: reason, expression })),
          ...(lost === undefined || isTold ? [] : [{ place: "", message: lost.reason }]),
          ...made.flatMap(({ mapped, entity }) => faultsOf(mapped, entity, blueprintOf)),
        ],
      };
    });
}

function faultsOf({ resource }: MappedEntity, entity: Entity, blueprintOf: BlueprintOf): Fault[] {
  const blueprint = blueprintOf(entity.blueprint);
  const broken = blueprint === undefined ? [] : violations(entity, blueprint);
  return broken.map(({ field, rule }) => ({
    place: placeOf({ index: resource }, field),
    message: `it ${rule}`,
  }));
}
