import { field } from "../bitbucket/objects.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { PortClient } from "../port/client.ts";
import { definitionsOf } from "../port/fit.ts";
import type { TargetOf } from "./relations.ts";

/** Port's blueprints as they are there, each read once in a while and not for every entity. */
export interface Model {
  /** Reads those that are not known. @throws RequestError */
  learn(identifiers: Iterable<string>): Promise<void>;
  /** As Port has it; undefined when that is not known, or there is none. */
  find(identifier: string): JsonObject | undefined;
  /** Whether Port says that there is none. */
  isMissing(identifier: string): boolean;
  /** Port does not go by what is known of it. */
  forget(identifier: string): void;
  /** Where relations lead, by Port or else by the blueprints that setup makes. */
  readonly targetOf: TargetOf;
}

/** For so long, in ms, a blueprint is taken to be as it was. */
const maxAgeMs = 10 * 60_000;

/** A blueprint that may not be seen. */
const unseen = Symbol("unseen");

/** What was read of one Port, by blueprint; it may outlive the client that read it. */
export interface KnownBlueprints {
  /** When they were asked for, epoch ms, and what comes of it. */
  readonly known: Map<
    string,
    { readonly at: number; readonly blueprint: Promise<JsonObject | typeof unseen | undefined> }
  >;
  readonly read: Map<string, JsonObject>;
  readonly missing: Set<string>;
}

export function createKnownBlueprints(): KnownBlueprints {
  return { known: new Map(), read: new Map(), missing: new Set() };
}

/** @param otherwise where relations lead as far as nothing was read */
export function createModel(
  port: PortClient,
  otherwise: TargetOf,
  { known, read, missing } = createKnownBlueprints(),
): Model {
  async function learnOne(identifier: string): Promise<void> {
    const entry = known.get(identifier);
    if (entry !== undefined && Date.now() - entry.at < maxAgeMs) return void (await entry.blueprint);
    const blueprint = port.blueprint(identifier).catch(unlessDenied);
    known.set(identifier, { at: Date.now(), blueprint });
    try {
      const found = await blueprint;
      if (found === undefined || found === unseen) read.delete(identifier);
      else read.set(identifier, found);
      if (found === undefined) missing.add(identifier);
      else missing.delete(identifier);
    } catch (error) {
      known.delete(identifier);
      throw error;
    }
  }

  return {
    learn: async (identifiers) => void (await Promise.all([...new Set(identifiers)].map(learnOne))),
    find: (identifier) => read.get(identifier),
    isMissing: (identifier) => missing.has(identifier),
    forget(identifier) {
      known.delete(identifier);
    },
    targetOf(identifier, relation) {
      const blueprint = read.get(identifier);
      if (blueprint === undefined) return otherwise(identifier, relation);
      const target = field(definitionsOf(blueprint).relations.get(relation), "target");
      return typeof target === "string" ? target : undefined;
    },
  };
}

/** Who may write entities may not always read blueprints: then Port judges what it is sent. */
function unlessDenied(error: unknown): typeof unseen {
  if (error instanceof RequestError && error.failure.status === 403) return unseen;
  throw error;
}
