import type { Resource } from "./schema.ts";

/** The expressions of one resource, by the place that they have in the mapping. */
export interface Expressions {
  readonly single: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, string>>;
}

export function expressionsOf(resource: Resource): Expressions {
  const { properties, relations, ...rest } = resource.port.entity.mappings;
  const single = Object.entries({ selector: resource.selector?.query ?? "true", ...rest });
  const set = single.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { single: Object.fromEntries(set), properties, relations };
}

/** What ends jq would end it for all objects: here it is an error of the expression. */
const withoutHalt = `def halt: error("halt"); def halt_error: error; def halt_error(code): error;`;

/**
 * One jq program for all resources of a kind, over an array of objects: an array per object, with per resource the
 * value of each expression as `{v: value}`, or `{e: true}` where it failed. An expression without a result gives null,
 * of several results the first counts.
 */
export function programOf(resources: readonly Expressions[]): string {
  return `${withoutHalt} map([${resources.map(resourceProgram).join(",\n")}])`;
}

function resourceProgram({ single, properties, relations }: Expressions): string {
  return `{single: ${group(single)}, properties: ${group(properties)}, relations: ${group(relations)}}`;
}

function group(expressions: Readonly<Record<string, string>>): string {
  return `{${Object.entries(expressions)
    .map(([name, expression]) => `${JSON.stringify(name)}: ${guarded(expression)}`)
    .join(",\n")}}`;
}

/** The line break ends a comment that the expression may end in. */
function guarded(expression: string): string {
  return `(try ([(${expression}\n)] | {v: .[0]}) catch {e: true})`;
}
