import { loadJq } from "jq-wasm/inline";
import type { PullRequestState } from "../config/config.ts";
import { type JsonObject, parseJson } from "../json.ts";
import { chunksOf } from "./chunks.ts";
import { compileMapping } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import { inputOf } from "./input.ts";
import { createJqPool } from "./jq-pool.ts";
import { type Mapped, nothing, readObject } from "./mapped.ts";
import type { Resource } from "./schema.ts";
import { mentions } from "./traits.ts";

/** A mapping, ready to be evaluated. */
export interface Mapper {
  readonly name: string;
  /** Sentences about the file, for an operator. */
  readonly notes: readonly string[];
  /**
   * The entities of each object, in the objects' order; all objects are of one kind. Never throws: what cannot be mapped
   * is marked with its fault.
   * @param selects false: whatever selectors say, for objects of which no more is known than their names
   */
  map(kind: string, objects: readonly JsonObject[], selects?: boolean): readonly Mapped[];
  /** The pull requests that its selectors want to be imported: all of them where they differ. */
  readonly pullRequestState: PullRequestState;
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

export interface MapperOptions {
  /** How many jqs stand by in case of a crash. */
  readonly spares?: number;
  /** What is to be told of the file once a run. */
  readonly notes?: readonly string[];
}

/**
 * Compiles a mapping: one jq program a kind.
 * @param name how errors call the mapping
 * @throws ConfigError naming every expression that is not valid jq
 */
export async function createMapper(
  resources: readonly Resource[],
  name: string,
  { spares, notes = [] }: MapperOptions = {},
): Promise<Mapper> {
  const jq = await loadJq();
  const byKind = compileMapping(jq, resources, name);
  const pool = createJqPool(jq, spares);

  return {
    name,
    notes,
    pullRequestState: wantedState(resources),
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

/** Where a selector says nothing it wants open ones, as in Port's integration. */
function wantedState(resources: readonly Resource[]): PullRequestState {
  const own = resources.filter(({ kind }) => kind === "pull-request");
  const [state = "OPEN", ...more] = new Set(own.map(({ selector }) => selector?.state ?? "OPEN"));
  return more.length === 0 ? state : "ALL";
}
