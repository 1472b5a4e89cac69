import type { Resource } from "./schema.ts";

/** The expressions of one resource, by the place that they have in the mapping. */
export interface Expressions {
  /** Its position in the file. */
  readonly index: number;
  /** Gives a list, of whose items each makes an entity; absent where the object itself does. */
  readonly items?: string;
  readonly single: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, string>>;
}

export function expressionsOf(resource: Resource, index: number): Expressions {
  const { properties, relations, ...rest } = resource.port.entity.mappings;
  const single = Object.entries({ selector: resource.selector?.query ?? "true", ...rest });
  const set = single.filter((entry): entry is [string, string] => entry[1] !== undefined);
  const items = resource.port.itemsToParse ?? undefined;
  return {
    index,
    ...(items !== undefined && { items }),
    single: Object.fromEntries(set),
    properties,
    relations,
  };
}

/**
 * Where an expression stands in the file, e.g. `resources[3].port.entity.mappings.properties.updated_on`.
 * @param name `selector`, `projects`, `items`, `identifier`, `properties.updated_on`
 */
export function placeOf({ index }: Pick<Expressions, "index">, name: string): string {
  const paths: Readonly<Record<string, string>> = {
    selector: "selector.query",
    projects: "selector.projects",
    items: "port.itemsToParse",
  };
  return `resources[${index}].${paths[name] ?? `port.entity.mappings.${name}`}`;
}

/** Whether a place is where an entity gets its name from. */
export function isIdentity(place: string): boolean {
  return /\.mappings\.(identifier|blueprint)$/.test(place);
}

/** What ends jq would end it for all objects: here it is an error of the expression. */
const withoutHalt = `def halt: error("halt"); def halt_error: error; def halt_error(code): error;`;

/**
 * One jq program for all resources of a kind, over an array of objects: an array per object, with per resource a list of
 * what it makes of it, of which each has the value of each expression. All of them are `{v: value}`, or `{e: message}`
 * where they failed. An expression without a result gives null, of several results the first counts.
 */
export function programOf(resources: readonly Expressions[]): string {
  return `${withoutHalt} map([${resources.map(resourceProgram).join(",\n")}])`;
}

function resourceProgram(expressions: Expressions): string {
  const one = entityProgram(expressions);
  if (expressions.items === undefined) return `{v: [${one}]}`;
  const each = `. as $object | {v: [$items.v[] as $item | $object + {$item} | ${one}]}`;
  return `(${guarded(expressions.items)} as $items | if $items.v | type == "array" then ${each} else $items end)`;
}

function entityProgram({ single, properties, relations }: Expressions): string {
  return `{single: ${group(single)}, properties: ${group(properties)}, relations: ${group(relations)}}`;
}

function group(expressions: Readonly<Record<string, string>>): string {
  return `{${Object.entries(expressions)
    .map(([name, expression]) => `${JSON.stringify(name)}: ${guarded(expression)}`)
    .join(",\n")}}`;
}

/** The line break ends a comment that the expression may end in; what `error` was given may be of any size. */
function guarded(expression: string): string {
  return `(try ([(${expression}\n)] | {v: .[0]}) catch {e: ((strings | .[:200]) // null)})`;
}
