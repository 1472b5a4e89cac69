import { loadJq } from "jq-wasm/inline";
import { type JsonObject, parseJson } from "../json.ts";
import { chunksOf } from "./chunks.ts";
import { type Compiled, compileMapping } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import { inputOf, type MappingFault } from "./input.ts";
import { createJqPool } from "./jq-pool.ts";
import { type Expressions, placeOf } from "./program.ts";
import { type MappedEntity, type ResourceResult, readResult, type Unidentified } from "./result.ts";
import type { Resource } from "./schema.ts";
import { mentions } from "./traits.ts";

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

/** A mapping, ready to be evaluated. */
export interface Mapper {
  readonly name: string;
  /**
   * The entities of each object, in the objects' order; all objects are of one kind. Never throws: what cannot be mapped
   * is marked with its fault.
   * @param selects false: whatever selectors say, for objects of which no more is known than their names
   */
  map(kind: string, objects: readonly JsonObject[], selects?: boolean): readonly Mapped[];
  /** Names of the properties and relations that a kind's resources set. */
  fields(kind: string): readonly string[];
  /** False when jq has crashed and no other one is there yet; a new mapper has one. */
  usable(): boolean;
  /**
   * The blueprints that it fills, as far as it names them, with the properties and relations that it sets, and `$icon`
   * and `$team`.
   */
  filled(): ReadonlyMap<string, ReadonlySet<string>>;
  /** True when some expression of a kind reads this field, e.g. `__readme`. */
  reads(kind: string, fieldName: string): boolean;
}

/**
 * Compiles a mapping: one jq program a kind.
 * @param name how errors call the mapping
 * @param spares how many jqs stand by in case of a crash
 * @throws ConfigError naming every expression that is not valid jq
 */
export async function createMapper(
  resources: readonly Resource[],
  name: string,
  spares?: number,
): Promise<Mapper> {
  const jq = await loadJq();
  const byKind = compileMapping(jq, resources, name);
  const pool = createJqPool(jq, spares);

  return {
    name,
    usable: () => pool.current !== undefined,
    map(kind, objects, selects = true) {
      const compiled = byKind.get(kind);
      if (compiled === undefined) return objects.map(() => nothing);
      const inputs = objects.map(inputOf);
      const texts = inputs.filter((input) => typeof input === "string");
      const results = chunksOf(texts).flatMap((chunk) => evaluate(pool, chunk, compiled.program));
      const inOrder = results.values();
      return objects.map((object, index) => {
        const input = inputs[index];
        const result = typeof input === "string" ? inOrder.next().value : input;
        if (result === undefined) return nothing;
        return "permanent" in result
          ? { ...nothing, fault: result }
          : readObject(object, result, compiled, selects);
      });
    },
    fields(kind) {
      const own = byKind.get(kind)?.resources ?? [];
      return [...new Set(own.flatMap((it) => [...Object.keys(it.properties), ...Object.keys(it.relations)]))];
    },
    filled() {
      const fields = new Map<string, Set<string>>();
      for (const { single, properties, relations } of [...byKind.values()].flatMap((it) => it.resources)) {
        const blueprint = parseJson(single["blueprint"] ?? "");
        if (typeof blueprint !== "string") continue;
        const meta = ["icon", "team"].filter((name) => single[name] !== undefined).map((name) => `$${name}`);
        const names = [...Object.keys(properties), ...Object.keys(relations), ...meta];
        fields.set(blueprint, new Set([...(fields.get(blueprint) ?? []), ...names]));
      }
      return fields;
    },
    reads(kind, fieldName) {
      const own = byKind.get(kind)?.resources ?? [];
      const all = own.flatMap((it) =>
        [it.single, it.properties, it.relations].flatMap((group) => Object.values(group)),
      );
      return all.some((expression) => mentions(expression, fieldName));
    },
  };
}

const nothing: Mapped = { entities: [], skipped: [], failed: [], cut: [] };

function readObject(
  object: JsonObject,
  results: readonly ResourceResult[],
  { resources, traits }: Compiled,
  selects: boolean,
): Mapped {
  const [failed, cut, skipped]: [FailedExpression[], string[], string[]] = [[], [], []];
  const read = results.flatMap((result, index) => {
    const [own, expressions] = [traits[index], resources[index]];
    if (own === undefined || expressions === undefined) return [];
    const place = (name: string) => placeOf(expressions, name);
    const notes = {
      failed: (name: string, reason: string) =>
        failed.push({ place: place(name), expression: expressionAt(expressions, name), reason }),
      cut: (name: string) => cut.push(place(name)),
      skipped: () => skipped.push(place("selector")),
    };
    return readResult(result, own, object, notes, selects) ?? [];
  });
  const unidentified = (["failing", "empty"] as const).find((how) => read.includes(how));
  const entities = read.filter((entity) => typeof entity !== "string");
  return { entities, skipped, failed, cut, ...(unidentified && { unidentified }) };
}

function expressionAt({ single, properties, relations }: Expressions, place: string): string {
  const [group = "", ...name] = place.split(".");
  const own = { properties, relations }[group];
  return (own === undefined ? single[place] : own[name.join(".")]) ?? "";
}
