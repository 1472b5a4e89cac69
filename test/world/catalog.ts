import type { Entity } from "../../infra/local/simulators/port/server.ts";

/** A field's value; lists are compared in the order that they have. */
export type Value = string | number | boolean | readonly string[] | undefined;
export type Fields = Readonly<Record<string, Value>>;

export interface ExpectedEntity {
  readonly blueprint: string;
  readonly identifier: string;
  /** Which object of Bitbucket it shows, by what stays the same when names change. */
  readonly object: string;
  /** It may be missing: a leaver whom something still names, or what no listing shows. */
  readonly optional: boolean;
  /** By the field's place, e.g. `properties.link`. */
  readonly fields: Fields;
}

export type Catalog = Map<string, ExpectedEntity>;

export const blueprintNames = [
  "bitbucketProject",
  "bitbucketUser",
  "bitbucketRepository",
  "bitbucketPullrequest",
];

export function keyOf({ blueprint, identifier }: { blueprint: string; identifier: string }): string {
  return `${blueprint} ${identifier}`;
}

/** The fields of an entity as Port has it. */
export function fieldsOf({ title, properties, relations }: Entity): Fields {
  const named = (prefix: string, values: object) =>
    Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, sorted(name, value)]);
  const all = [["title", title], ...named("properties", properties), ...named("relations", relations)];
  return Object.fromEntries(all.filter(([, value]) => value !== null && value !== undefined));
}

function sorted(name: string, value: unknown): unknown {
  return name === "participants" && Array.isArray(value) ? value.toSorted() : value;
}

/** Values as text: an empty list and nothing are the same. */
export function textOf(value: Value): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  return JSON.stringify(value);
}
