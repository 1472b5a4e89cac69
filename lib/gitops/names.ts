/** `blueprint:identifier`, as records list entities. A blueprint's own name holds no colon. */
export type EntityName = string;

/** Names of an entity's properties and relations. */
export interface Fields {
  readonly properties: readonly string[];
  readonly relations: readonly string[];
}

export const noFields: Fields = { properties: [], relations: [] };

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
