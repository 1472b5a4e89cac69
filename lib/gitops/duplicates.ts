import { keyOf } from "../port/entity.ts";
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
  const others = new Map<Definition, readonly Definition[]>();
  for (const same of all.values()) {
    if (same.length < 2) continue;
    for (const definition of same)
      others.set(
        definition,
        same.filter((other) => other !== definition),
      );
  }
  return files.map((file) => withoutDuplicatesOf(file, others));
}

function withoutDuplicatesOf(
  file: DefinitionFile,
  others: ReadonlyMap<Definition, readonly Definition[]>,
): DefinitionFile {
  const problems = file.definitions.flatMap((definition) => {
    const places = others.get(definition)?.map(({ place }) => `on line ${place.line} of ${place.path}`);
    if (places === undefined) return [];
    const fault = notWritten({ ...definition, line: definition.place.line }, [
      `it is also ${places[0]}`,
      ...places.slice(1),
    ]);
    return [fault];
  });
  if (problems.length === 0) return file;
  return {
    ...file,
    status: "FAULT",
    definitions: file.definitions.filter((definition) => !others.has(definition)),
    problems: [...file.problems, ...problems],
  };
}
