import type { Definition, DefinitionFile } from "./definition.ts";
import { readEntity } from "./entity.ts";
import { type Entry, entriesOf } from "./entries.ts";
import { notWritten } from "./problem.ts";
import { somethingElse, templateReason } from "./something-else.ts";
import { decodeFile, largestFile, tooLarge } from "./text.ts";
import { findUnknownKeys, tellUnknownKeys } from "./unknown-keys.ts";
import { parseYaml } from "./yaml.ts";

/** No one writes so many by hand, and each costs Port a write. */
const mostEntities = 1000;

/**
 * What a definition file says. Never throws, whatever the bytes are.
 * @param path from the repository's root
 * @param isWhole whether the bytes are all of the file
 */
export function readDefinitions(path: string, bytes: Uint8Array, isWhole: boolean): DefinitionFile {
  const nothing = { path, definitions: [] };
  const fault = (problem: string) => ({ ...nothing, status: "FAULT" as const, problems: [problem] });
  const ignored = (problem: string) => ({ ...nothing, status: "IGNORED" as const, problems: [problem] });
  if (!isWhole || bytes.length > largestFile) return fault(`The file is not read: ${tooLarge}.`);
  const decoded = decodeFile(bytes);
  if ("fault" in decoded) return fault(`The file is not read: ${decoded.fault}.`);
  const { text } = decoded;
  const yaml = parseYaml(text, mostEntities);
  if ("broken" in yaml) {
    const reason = templateReason(text);
    return reason === undefined ? fault(yaml.broken) : ignored(reason);
  }
  const tooMany = fault(`The file is not read: it has more than ${mostEntities} entities or documents.`);
  if (yaml.documents.length > mostEntities) return tooMany;
  const entries = entriesOf(yaml);
  const reason = somethingElse(entries, text);
  if (reason !== undefined) return ignored(reason);
  if (entries.length > mostEntities) return tooMany;
  return { path, ...readEntries(entries, path) };
}

function readEntries(entries: readonly Entry[], path: string): Omit<DefinitionFile, "path"> {
  const definitions: Definition[] = [];
  const problems: string[] = [];
  const unknown = new Map<string, number[]>();
  for (const { keys, line, reader } of entries) {
    if (keys !== undefined) findUnknownKeys(keys, line, reader.faults, unknown);
    const entity = keys && readEntity(keys, reader);
    if (entity !== undefined && reader.faults.length === 0)
      definitions.push({ ...entity, place: { path, line } });
    else problems.push(notWritten({ ...entity, line }, reader.faults));
  }
  const status = problems.length === 0 ? "OK" : "FAULT";
  return { status, definitions, problems: [...problems, ...tellUnknownKeys(unknown)] };
}
