import { quote } from "./text.ts";

/** Of one entity no more is told: who has mended these sees the others. */
const mostFaults = 5;

/** Which entity is meant. Its names are empty where they could not be read. */
interface Subject {
  readonly blueprint?: string;
  readonly identifier?: string;
  readonly line: number;
}

/** An entity's place and name. */
export function nameOf({ blueprint = "", identifier = "", line }: Subject): string {
  const name = blueprint === "" || identifier === "" ? "" : ` (${quote(`${blueprint}:${identifier}`)})`;
  return `The entity on line ${line}${name}`;
}

/** The sentence for an entity that is left as it is. */
export function notWritten(subject: Subject, faults: readonly string[]): string {
  const all = [...new Set(faults)];
  const more = all.length > mostFaults ? `; and ${all.length - mostFaults} more` : "";
  return `${nameOf(subject)} is not written: ${all.slice(0, mostFaults).join("; ")}${more}.`;
}
