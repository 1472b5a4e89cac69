import type { WantedFile } from "./wanted.ts";

/** Bytes. Port takes 1 MiB for an entity, and a record also keeps, for a while, what its file does not say any more. */
const largest = 400_000;
/** Who has mended these sees the others. */
const mostProblems = 100;

/** The file, or with a fault and nothing in it what has too much in it for its record: nobody could keep track of it. */
export function withinRecord(file: WantedFile): WantedFile {
  if (sizeOf(file) <= largest) return file;
  const problem = `The file is not written: its entities' names, fields and links have more than ${largest / 1000} kB. Split it.`;
  const nothing = { entities: [], unwritten: [], references: [], problems: [problem], retry: false };
  return { ...file, ...nothing, status: "FAULT", isDoubtful: true };
}

function sizeOf({ entities, unwritten, references }: WantedFile): number {
  // A name stands in the lists of what is defined and made, and with its fields.
  const listed = entities.flatMap(({ name, definition, leftOut: { properties, relations } }) => [
    name,
    name,
    name,
    ...[definition.properties, definition.relations].flatMap(Object.keys),
    ...properties,
    ...relations,
  ]);
  return Buffer.byteLength(JSON.stringify([listed, unwritten, references]));
}

export function firstProblems(problems: readonly string[]): readonly string[] {
  const more = problems.length - mostProblems;
  return more <= 0 ? problems : [...problems.slice(0, mostProblems), `And ${more} more.`];
}
