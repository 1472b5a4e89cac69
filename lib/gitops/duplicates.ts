import { type EntityKey, keyOf } from "../port/entity.ts";
import type { Definition, DefinitionFile } from "./definition.ts";
import { notWritten } from "./problem.ts";

/**
 * The files of a repository, without what two entries say, in one file or in two: neither of them counts, and both
 * files' problems name both places.
 */
export function withoutDuplicates(files: readonly DefinitionFile[]): DefinitionFile[] {
  const all = Map.groupBy(
    files.flatMap((file) => file.definitions),
    keyOf,
  );
  return files.map((file) => withoutDuplicatesOf(file, all));
}

function withoutDuplicatesOf(
  file: DefinitionFile,
  all: ReadonlyMap<EntityKey, readonly Definition[]>,
): DefinitionFile {
  const othersOf = (definition: Definition) =>
    (all.get(keyOf(definition)) ?? []).filter((other) => other !== definition);
  const twice = new Set(file.definitions.filter((definition) => othersOf(definition).length > 0));
  if (twice.size === 0) return file;
  const problems = [...twice].map((definition) => {
    const places = othersOf(definition).map(({ place }) => `on line ${place.line} of ${place.path}`);
    return notWritten({ ...definition, line: definition.place.line }, [
      `it is also ${places[0]}`,
      ...places.slice(1),
    ]);
  });
  return {
    ...file,
    status: "FAULT",
    definitions: file.definitions.filter((definition) => !twice.has(definition)),
    problems: [...file.problems, ...problems],
  };
}
