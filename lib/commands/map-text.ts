import type { Json } from "../json.ts";
import type { Entity } from "../port/entity.ts";
import type { Fault, MappedObject } from "./map-objects.ts";

/** Characters of a value that are shown. */
const shown = 100;

/** What a mapping made, for people. */
export function mapText(
  mapping: string,
  objects: readonly MappedObject[],
  faults: readonly Fault[],
  notes: readonly string[],
): string {
  return [
    `mapping: ${mapping}`,
    ...objects.flatMap(objectLines),
    ...notes.map((note) => `i ${note}`),
    ...faults.flatMap((fault) => faultLines(fault, "")),
    "",
  ].join("\n");
}

function objectLines({ file, name, entities, skipped, faults }: MappedObject): string[] {
  const isEmpty = entities.length === 0 && skipped.length === 0 && faults.length === 0;
  return [
    "",
    `${name} (${file})`,
    ...entities.flatMap(entityLines),
    ...skipped.map(({ place, reason }) => `  - ${place}: ${reason}`),
    ...faults.flatMap((fault) => faultLines(fault, "  ")),
    ...(isEmpty ? ["  the mapping has nothing for this kind"] : []),
  ];
}

function entityLines({ blueprint, identifier, title, icon, team, properties, relations }: Entity): string[] {
  const own = { title, icon, team };
  const rows: [string, Json | undefined][] = [
    ...Object.entries(own),
    ...Object.entries(properties),
    ...Object.entries(relations).map(([name, value]): [string, Json] => [`-> ${name}`, value as Json]),
  ];
  const there = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...there.map(([name]) => name.length));
  return [
    `  ${blueprint} ${JSON.stringify(identifier)}`,
    ...there.map(([name, value]) => `    ${name.padEnd(width)}  ${short(JSON.stringify(value))}`),
  ];
}

function short(text: string): string {
  return text.length <= shown ? text : `${text.slice(0, shown).toWellFormed()}… (${text.length} characters)`;
}

function faultLines({ place, message, expression }: Fault, indent: string): string[] {
  const lines = [`${indent}! ${place === "" ? "" : `${place}: `}${message}`];
  return expression === undefined ? lines : [...lines, `${indent}    ${short(expression.trim())}`];
}
