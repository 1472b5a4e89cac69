import { field } from "../bitbucket/objects.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { PortClient } from "../port/client.ts";

/** What a blueprint says of its fields. */
export interface BlueprintFields {
  /** Whether there is such a property or relation: Port refuses whole searches for what is not there. */
  readonly has: (field: string) => boolean;
  /** Whether a property holds an object. */
  readonly isObject: (property: string) => boolean;
  /** Whether an entity has to have a relation. */
  readonly isRequired: (relation: string) => boolean;
  /** The blueprint that a relation leads to; undefined where there is no such relation. */
  readonly targetOf: (relation: string) => string | undefined;
}

/** Port's blueprints, each read once in a while. */
export interface Blueprints {
  /** Undefined when Port has none of that name. @throws RequestError */
  read(identifier: string): Promise<BlueprintFields | undefined>;
}

/** For so long, in ms, a blueprint is taken to be as it was. */
const maxAgeMs = 60_000;

export function createBlueprints(port: PortClient, now = () => Date.now()): Blueprints {
  const known = new Map<
    string,
    { readonly at: number; readonly read: Promise<BlueprintFields | undefined> }
  >();
  return {
    read(identifier) {
      const entry = known.get(identifier);
      if (entry !== undefined && now() - entry.at < maxAgeMs) return entry.read;
      const read = port.blueprint(identifier).then((found) => found && fieldsOf(found));
      known.set(identifier, { at: now(), read });
      // A failure is nobody's blueprint.
      read.catch(() => known.delete(identifier));
      return read;
    },
  };
}

function fieldsOf(blueprint: JsonObject): BlueprintFields {
  const properties = own(field(blueprint["schema"], "properties"));
  const relations = own(blueprint["relations"]);
  return {
    has: (name) => properties.has(name) || relations.has(name),
    isObject: (name) => field(properties.get(name), "type") === "object",
    isRequired: (name) => field(relations.get(name), "required") === true,
    targetOf(name) {
      const target = field(relations.get(name), "target");
      return typeof target === "string" ? target : undefined;
    },
  };
}

/** A name may be `constructor`. */
function own(value: JsonObject[string] | undefined): Map<string, JsonObject[string]> {
  return new Map(isJsonObject(value) ? Object.entries(value) : []);
}
