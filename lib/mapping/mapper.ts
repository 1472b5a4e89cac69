import { JqError, loadJq } from "jq-wasm/inline";
import type { JsonObject } from "../json.ts";
import { chunksOf } from "./chunks.ts";
import { compileMapping } from "./compile.ts";
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
}

/** A mapping, ready to be evaluated. */
export interface Mapper {
  readonly name: string;
  /** The entities of each object, in the objects' order; all objects are of one kind. */
  map(kind: string, objects: readonly JsonObject[]): readonly Mapped[];
  /** Names of the properties and relations that a kind's resources set. */
  fields(kind: string): readonly string[];
  /** False once jq has crashed: it does not come back, a new mapper does. */
  usable(): boolean;
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
  let crashed = false;
  function evaluate(input: string, program: string): ResourceResult[][] | undefined {
    try {
      return jq.first<ResourceResult[][]>(input, program);
    } catch (error) {
      crashed ||= !(error instanceof JqError);
      throw error;
    }
  }

  return {
    name,
    usable: () => !crashed,
    map(kind, objects) {
      const compiled = byKind.get(kind);
      if (compiled === undefined || objects.length === 0)
        return objects.map(() => ({ entities: [], unidentified: false, failed: [] }));
      const results = chunksOf(objects).flatMap((texts) => {
        const part = evaluate(`[${texts.join(",")}]`, compiled.program) ?? [];
        if (part.length !== texts.length) throw new Error("jq ended before all objects were mapped");
        return part;
      });
      return objects.map((object, index) => readObject(kind, object, results[index] ?? [], compiled.traits));
    },
    fields(kind) {
      const own = byKind.get(kind)?.resources ?? [];
      return [...new Set(own.flatMap((it) => [...Object.keys(it.properties), ...Object.keys(it.relations)]))];
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

function readObject(
  kind: string,
  object: JsonObject,
  results: readonly ResourceResult[],
  traits: readonly Traits[],
): Mapped {
  const failed: string[] = [];
  const entities = results.map((result, index) => {
    const own = traits[index];
    return own && readResult(result, own, object, (place) => failed.push(`${kind}.${place}`));
  });
  return {
    entities: entities.filter((entity) => entity !== undefined && entity !== "unidentified"),
    unidentified: entities.includes("unidentified"),
    failed,
  };
}
