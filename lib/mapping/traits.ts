import type { Expressions } from "./program.ts";

/** Which properties of an entity carry what the sync has to know of its object; absent when the mapping has none. */
export interface Roles {
  /** From `.updatedDate`: tells an older state from a newer one. */
  readonly version?: string;
  /** From `.createdDate`. */
  readonly created?: string;
  /** From `.links.self`: the object that the entity stands for. */
  readonly link?: string;
  /** From `.state`. */
  readonly state?: string;
}

function rolesOf({ properties }: Expressions): Roles {
  const entries = Object.entries(properties);
  const dates = ["createdDate", "updatedDate", "closedDate"];
  const onlyDate = (wanted: string) =>
    entries.find(([, expression]) =>
      dates.every((date) => mentions(expression, date) === (date === wanted)),
    )?.[0];
  const version = onlyDate("updatedDate");
  const created = onlyDate("createdDate");
  const link = entries.find(([, expression]) => /^\.links\.self\b/.test(expression.trim()))?.[0];
  const state = entries.find(([, expression]) => expression.trim() === ".state")?.[0];
  return {
    ...(version === undefined ? {} : { version }),
    ...(created === undefined ? {} : { created }),
    ...(link === undefined ? {} : { link }),
    ...(state === undefined ? {} : { state }),
  };
}

export interface Fields {
  readonly properties: readonly string[];
  readonly relations: readonly string[];
}

/** What can be told of a resource from its expressions alone, worked out once. */
export interface Traits {
  /** Position of the resource in the file. */
  readonly resource: number;
  readonly roles: Roles;
  /** Names of all properties and relations that it sets, whatever an object shows. */
  readonly fields: Fields;
  /** Names of the properties and relations that come from `.__readme` or `.__latestCommit`. */
  readonly enriched: readonly string[];
  /** Names of the properties that name people: author, reviewers, participants. */
  readonly people: readonly string[];
  /**
   * For each field that not every source shows, the properties and relations mapped from it. They are left as they
   * are in Port when the object at hand does not have the field, instead of being cleared.
   */
  readonly notAlwaysShown: Readonly<Record<string, readonly string[]>>;
}

export function traitsOf(expressions: Expressions): Traits {
  const entries = Object.entries({ ...expressions.properties, ...expressions.relations });
  const readBy = (fieldName: string) =>
    entries.filter(([, expression]) => mentions(expression, fieldName)).map(([name]) => name);
  const notAlwaysShown = Object.fromEntries(
    ["__readme", "__latestCommit", "links"].map((name) => [name, readBy(name)]),
  );
  return {
    resource: expressions.index,
    roles: rolesOf(expressions),
    fields: {
      properties: Object.keys(expressions.properties),
      relations: Object.keys(expressions.relations),
    },
    enriched: [...readBy("__readme"), ...readBy("__latestCommit")],
    people: peopleIn(expressions),
    notAlwaysShown,
  };
}

function peopleIn({ properties }: Expressions): string[] {
  const roles = ["author", "reviewers", "participants"];
  const names = Object.entries(properties).filter(([, expression]) =>
    roles.some((role) => mentions(expression, role)),
  );
  return names.map(([name]) => name);
}

/** True when an expression reads a field of the object, e.g. `links`. */
export function mentions(expression: string, fieldName: string): boolean {
  return new RegExp(`\\.${fieldName}\\b`).test(expression);
}
