import type { Entity } from "../port/entity.ts";
import type { Candidate } from "./candidate.ts";

/** The part of a candidate that is written over an entity that is there. */
export function wanted(candidate: Candidate): Entity {
  if (candidate.intent !== "refresh") return candidate.entity;
  const { identifier, blueprint, properties, relations } = candidate.entity;
  const enriched = ([name]: [string, unknown]) => candidate.enriched.includes(name);
  return {
    identifier,
    blueprint,
    properties: Object.fromEntries(Object.entries(properties).filter(enriched)),
    relations: Object.fromEntries(Object.entries(relations).filter(enriched)),
  };
}

/**
 * What is sent to Port for a candidate. A null goes along only where it clears something: a new entity has nothing to
 * clear, and a value that is not there needs no null to stay away.
 */
export function payloadOf(candidate: Candidate, existing: Entity | undefined): Entity {
  const entity = existing === undefined ? candidate.entity : wanted(candidate);
  const clears =
    (there: Readonly<Record<string, unknown>> | undefined) =>
    ([name, value]: [string, unknown]) =>
      value !== null || (there?.[name] ?? null) !== null;
  return {
    ...entity,
    properties: Object.fromEntries(Object.entries(entity.properties).filter(clears(existing?.properties))),
    relations: Object.fromEntries(Object.entries(entity.relations).filter(clears(existing?.relations))),
  };
}

/** The entity was made only because something relates to it: it has nothing of what the candidate would give it. */
export function isBare(candidate: Candidate, existing: Entity): boolean {
  const given = Object.keys(lasting(candidate)).filter((name) => candidate.entity.properties[name] !== null);
  const { title = existing.identifier } = existing;
  if (title !== existing.identifier) return false;
  return given.length > 0 && given.every((name) => (existing.properties[name] ?? null) === null);
}

/** The properties that every sight of the object shows: all but README and the like. */
export function lasting({ entity, enriched }: Candidate): Entity["properties"] {
  return Object.fromEntries(Object.entries(entity.properties).filter(([name]) => !enriched.includes(name)));
}
