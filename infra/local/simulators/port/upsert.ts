import type { Settings } from "./options.ts";
import { faultOf, isObject } from "./property-values.ts";
import { invalid, notFound, refused } from "./refusals.ts";
import { withoutSearches } from "./searches.ts";
import { find, write } from "./store.ts";
import type { Store, Stored } from "./stored.ts";
import type { Blueprint, EntityInput, Properties, Relations } from "./types.ts";

export type WriteFlags = {
  readonly upsert: boolean;
  readonly merge: boolean;
  readonly createMissing: boolean;
  readonly validationOnly: boolean;
};

export type Written = { readonly created: boolean; readonly stored: Stored | undefined };

/** Creates, replaces or merges one entity, or refuses it without having changed anything. */
export function upsert(
  store: Store,
  blueprint: Blueprint,
  given: EntityInput,
  flags: WriteFlags,
  settings: Settings,
): Written {
  const input = withoutSearches(store, blueprint, given);
  const existing = find(store, blueprint.identifier, input.identifier);
  if (existing !== undefined && !flags.upsert) {
    throw refused(409, "identifier_taken", `An entity with identifier "${input.identifier}" already exists`);
  }
  checkAgainstBlueprint(blueprint, input, flags.merge ? existing : undefined);
  const missing = missingTargets(store, blueprint, input);
  for (const target of missing) checkMissing(store, target, flags.createMissing, settings);
  if (flags.validationOnly) return { created: existing === undefined, stored: existing };
  for (const target of missing) write(store, target.blueprint, { identifier: target.identifier }, true);
  const next = flags.merge && existing !== undefined ? merged(existing, input) : input;
  return { created: existing === undefined, stored: write(store, blueprint.identifier, next) };
}

/** Refuses (422) what the blueprint does not allow. `base` is what a merge would keep. */
export function checkAgainstBlueprint(
  blueprint: Blueprint,
  input: EntityInput,
  base: Stored | undefined,
): void {
  checkProperties(blueprint, input.properties ?? {}, base?.properties ?? {});
  checkRelations(blueprint, input.relations ?? {}, base?.relations ?? {});
}

/** What an entity becomes when only what is sent changes. */
export function merged(base: Stored, input: Partial<EntityInput>): EntityInput {
  return {
    identifier: base.identifier,
    title: input.title === undefined ? (base.title ?? null) : input.title,
    icon: input.icon === undefined ? (base.icon ?? null) : input.icon,
    team: input.team === undefined ? base.team : input.team,
    properties: { ...base.properties, ...input.properties },
    relations: { ...base.relations, ...input.relations },
  };
}

function checkProperties(blueprint: Blueprint, sent: Properties, kept: Properties): void {
  const { properties, required = [] } = blueprint.schema;
  for (const [name, value] of Object.entries(sent)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema === undefined)
      throw invalid(`"${name}" is not a property of blueprint "${blueprint.identifier}"`);
    const fault = value === null ? undefined : faultOf(value, schema);
    if (fault !== undefined) throw invalid(`properties/${name} ${fault}`);
  }
  for (const name of required) {
    if ((name in sent ? sent[name] : kept[name]) == null)
      throw invalid(`properties must have required property '${name}'`);
  }
}

function checkRelations(blueprint: Blueprint, sent: Relations, kept: Relations): void {
  const relations = blueprint.relations ?? {};
  for (const [name, value] of Object.entries(sent)) {
    const schema = Object.hasOwn(relations, name) ? relations[name] : undefined;
    if (schema === undefined)
      throw invalid(`"${name}" is not a relation of blueprint "${blueprint.identifier}"`);
    const fits = value === null || isObject(value) || (schema.many === true) === (typeof value !== "string");
    if (!fits) throw invalid(`relations/${name} must be ${schema.many === true ? "array" : "string"}`);
  }
  for (const [name, schema] of Object.entries(relations)) {
    const value = name in sent ? sent[name] : kept[name];
    if (schema.required === true && value == null)
      throw invalid(`relations must have required relation '${name}'`);
  }
}

type Target = { readonly blueprint: string; readonly identifier: string };

function missingTargets(store: Store, blueprint: Blueprint, input: EntityInput): Target[] {
  return Object.entries(input.relations ?? {}).flatMap(([name, value]) => {
    const target = blueprint.relations?.[name]?.target ?? "";
    const identifiers = value === null ? [] : typeof value === "string" ? [value] : value;
    return identifiers
      .filter((identifier) => find(store, target, identifier) === undefined)
      .filter((identifier) => target !== blueprint.identifier || identifier !== input.identifier)
      .map((identifier) => ({ blueprint: target, identifier }));
  });
}

function checkMissing(store: Store, target: Target, createMissing: boolean, settings: Settings): void {
  const blueprint = store.blueprints.get(target.blueprint);
  if (blueprint === undefined) throw notFound("Blueprint", target.blueprint);
  if (!createMissing) throw notFound(`Entity of blueprint "${target.blueprint}"`, target.identifier);
  if (settings.bareNeedsRequired) checkAgainstBlueprint(blueprint, target, undefined);
}
