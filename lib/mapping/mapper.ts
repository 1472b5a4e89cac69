import { loadJq } from "jq-wasm/inline";
import { type JsonObject, parseJson } from "../json.ts";
import { chunksOf } from "./chunks.ts";
import { compileMapping } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import { inputOf, type MappingFault } from "./input.ts";
import { createJqPool } from "./jq-pool.ts";
import { type MappedEntity, type ResourceResult, readResult } from "./result.ts";
import type { Resource } from "./schema.ts";
import { mentions, type Traits } from "./traits.ts";

/** What a mapping makes of one object. */
export interface Mapped {
  readonly entities: readonly MappedEntity[];
  /** True when a resource took the object but gave it no identifier or blueprint. */
  readonly unidentified: boolean;
  /** Places of expressions that failed, e.g. `pull-request.properties.owner`. */
  readonly failed: readonly string[];
  /** Places of texts that were cut to what Port takes. */
  readonly cut: readonly string[];
  /** Set when the object cannot be mapped: there are no entities then. */
  readonly fault?: MappingFault;
}

/** A mapping, ready to be evaluated. */
export interface Mapper {
  readonly name: string;
  /**
   * The entities of each object, in the objects' order; all objects are of one kind. Never throws: what cannot be mapped
   * is marked with its fault.
   */
  map(kind: string, objects: readonly JsonObject[]): readonly Mapped[];
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
 * @throws ConfigError naming every expression that is not valid jq
 */
export async function createMapper(resources: readonly Resource[], name: string): Promise<Mapper> {
  const jq = await loadJq();
  const byKind = compileMapping(jq, resources, name);
  const pool = createJqPool(jq);

  return {
    name,
    usable: () => pool.current !== undefined,
    map(kind, objects) {
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
          : readObject(kind, object, result, compiled.traits);
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

const nothing: Mapped = { entities: [], unidentified: false, failed: [], cut: [] };

function readObject(
  kind: string,
  object: JsonObject,
  results: readonly ResourceResult[],
  traits: readonly Traits[],
): Mapped {
  const failed: string[] = [];
  const cut: string[] = [];
  const notes = {
    failed: (place: string) => failed.push(`${kind}.${place}`),
    cut: (place: string) => cut.push(`${kind}.${place}`),
  };
  const entities = results.map((result, index) => {
    const own = traits[index];
    return own && readResult(result, own, object, notes);
  });
  return {
    entities: entities.filter((entity) => entity !== undefined && entity !== "unidentified"),
    unidentified: entities.includes("unidentified"),
    failed,
    cut,
  };
}
