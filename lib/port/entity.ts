import type { Json, JsonObject } from "../json.ts";

/** An entity as Port takes it and as the mapping makes it. */
export interface Entity {
  readonly identifier: string;
  readonly blueprint: string;
  readonly title?: string;
  /** Null clears it. */
  readonly icon?: string | null;
  readonly team?: Json;
  readonly properties: JsonObject;
  readonly relations: Readonly<Record<string, RelationValue>>;
}

/** Identifier(s) of the related entities; null = none. */
export type RelationValue = string | readonly string[] | null;

/** What an entity is found by across blueprints. */
export type EntityKey = string;

export function entityKey(blueprint: string, identifier: string): EntityKey {
  return `${blueprint}\n${identifier}`;
}

export function keyOf(entity: Pick<Entity, "blueprint" | "identifier">): EntityKey {
  return entityKey(entity.blueprint, entity.identifier);
}

/** The identifiers that a relation's value points to. */
export function relationTargets(value: RelationValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "string" ? [value] : value;
}

/** Longest identifier that Port takes. */
export const maxIdentifierLength = 1000;

/**
 * Replaces each character that Port refuses in an identifier by `_` (pattern from Port's OpenAPI document:
 * `^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$`).
 */
export function safeIdentifier(identifier: string): string {
  const safe = identifier.replace(/[^\p{L}0-9@_.+:\\/=-]/gu, "_");
  return safe === "." || safe === ".." ? safe.replaceAll(".", "_") : safe;
}
