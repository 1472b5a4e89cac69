/** `blueprint:identifier`, as records list entities. A blueprint's own name holds no colon. */
export type EntityName = string;

/** What else files say of an entity. */
export const metaFields = ["title", "icon", "team"] as const;
export type MetaField = (typeof metaFields)[number];

/** Names of an entity's properties, relations and others. */
export interface Fields {
  readonly properties: readonly string[];
  readonly relations: readonly string[];
  readonly meta: readonly MetaField[];
}

export const noFields: Fields = { properties: [], relations: [], meta: [] };

export function union(a: Fields, b: Fields): Fields {
  return {
    properties: [...new Set([...a.properties, ...b.properties])],
    relations: [...new Set([...a.relations, ...b.relations])],
    meta: metaFields.filter((field) => a.meta.includes(field) || b.meta.includes(field)),
  };
}

/** Those of them that an entity has. */
export function metaOf(entity: Readonly<Partial<Record<MetaField, unknown>>>): MetaField[] {
  return metaFields.filter((field) => entity[field] !== undefined);
}

export function entityName({ blueprint, identifier }: Named): EntityName {
  return `${blueprint}:${identifier}`;
}

export interface Named {
  readonly blueprint: string;
  readonly identifier: string;
}

export function parseName(name: EntityName): Named {
  const colon = name.indexOf(":");
  return { blueprint: name.slice(0, colon), identifier: name.slice(colon + 1) };
}
