import type { JsonObject } from "../json.ts";
import type { Compiled } from "./compile.ts";
import type { MappingFault } from "./input.ts";
import { type ResourceResults, resultsIn } from "./items.ts";
import { type Expressions, placeOf } from "./program.ts";
import { type MappedEntity, type Notes, readResult, type Unidentified } from "./result.ts";

/** What a mapping makes of one object. */
export interface Mapped {
  readonly entities: readonly MappedEntity[];
  /** Set when a resource took the object but makes no entity of it. */
  readonly unidentified?: Unidentified;
  /** Places of the selectors that said no. */
  readonly skipped: readonly string[];
  /** Expressions that failed, or gave what cannot stand there. */
  readonly failed: readonly FailedExpression[];
  /** Places of texts that were cut to what Port takes. */
  readonly cut: readonly string[];
  /** Set when the object cannot be mapped: there are no entities then. */
  readonly fault?: MappingFault;
}

export interface FailedExpression {
  /** E.g. `resources[3].port.entity.mappings.properties.updated_on`. */
  readonly place: string;
  readonly expression: string;
  /** Why, in words that hold no value of the object. */
  readonly reason: string;
}

export const nothing: Mapped = { entities: [], skipped: [], failed: [], cut: [] };

/** What a kind's resources make of an object, from what jq gave for each of them. */
export function readObject(
  object: JsonObject,
  results: readonly ResourceResults[],
  { resources, traits, inProjects }: Compiled,
  selects: boolean,
): Mapped {
  const [failed, cut, skipped]: [FailedExpression[], string[], string[]] = [[], [], []];
  const read = results.flatMap((result, index) => {
    const [own, expressions] = [traits[index], resources[index]];
    if (own === undefined || expressions === undefined) return [];
    const place = (name: string) => placeOf(expressions, name);
    const notes: Notes = {
      failed: (name, reason) =>
        failed.push({ place: place(name), expression: expressionAt(expressions, name), reason }),
      cut: (name) => cut.push(place(name)),
      skipped: (name) => skipped.push(place(name)),
    };
    if (selects && inProjects[index]?.(object) === false) {
      notes.skipped("projects");
      return [];
    }
    return resultsIn(result, notes).flatMap((one) => readResult(one, own, object, notes, selects) ?? []);
  });
  const unidentified = (["failing", "empty"] as const).find((how) => read.includes(how));
  const entities = read.filter((entity) => typeof entity !== "string");
  return { entities, skipped, failed, cut, ...(unidentified && { unidentified }) };
}

function expressionAt({ items, single, properties, relations }: Expressions, place: string): string {
  if (place === "items") return items ?? "";
  const [group = "", ...name] = place.split(".");
  const own = { properties, relations }[group];
  return (own === undefined ? single[place] : own[name.join(".")]) ?? "";
}
