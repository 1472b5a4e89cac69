import { RequestError } from "../errors.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { DefinitionFile } from "./definition.ts";
import { withoutDuplicates } from "./duplicates.ts";
import { entityName } from "./names.ts";
import { readDefinitionFiles } from "./read-definition-files.ts";
import type { FileRecord } from "./record.ts";
import { addressOf } from "./repository-address.ts";

/** What a repository's definition files say at its tip. */
export interface Tree {
  /** Those that were read. */
  readonly files: readonly DefinitionFile[];
  /** The records of those that are as they were, and were not read. */
  readonly kept: readonly FileRecord[];
  /** Records of files that are there, but that the settings do not name any more. */
  readonly dropped: readonly FileRecord[];
  /** Bitbucket listed files, and no definition is among them: it was no empty answer. */
  readonly hasNone?: boolean;
}

/**
 * Reads the definition files of a repository: those that changed since the records were written where Bitbucket says
 * which they are, else all of them.
 * @returns undefined when nothing changed that matters
 * @throws RequestError when it cannot be told what is there
 */
export async function readTree(
  repository: RepositoryTip,
  records: readonly FileRecord[],
  context: GitopsContext,
): Promise<Tree | undefined> {
  const changed = await changedSince(repository, records, context);
  if (changed === undefined) return readWholeTree(repository, records, context);
  const { isDefinition } = context.settings;
  const touched = new Set(changed);
  const toRead = new Set(changed.filter(isDefinition));
  for (const { path, references } of records) {
    if (references.some((reference) => touched.has(reference))) toRead.add(path);
  }
  if (toRead.size === 0) return undefined;
  const files = await readDefinitionFiles(repository, [...toRead], context);
  const kept = records.filter(({ path }) => !toRead.has(path));
  // An entity that stands in one of the others as well is a fault of both, and none any more when one lets go of it.
  const defined = new Set(files.flatMap(({ definitions }) => definitions.map(entityName)));
  const again = kept.filter(
    ({ status, entities, waiting }) =>
      status === "FAULT" || [...entities, ...waiting].some((name) => defined.has(name)),
  );
  const more = await readDefinitionFiles(
    repository,
    again.map(({ path }) => path),
    context,
  );
  return {
    files: withoutDuplicates([...files, ...more]),
    kept: kept.filter((record) => !again.includes(record)),
    dropped: [],
  };
}

/** The paths that changed since the records' commit; undefined where that is not to be had. */
async function changedSince(
  { key, slug, tip, anew = false }: RepositoryTip,
  records: readonly FileRecord[],
  { bitbucket, settings }: GitopsContext,
): Promise<readonly string[] | undefined> {
  const commits = new Set(records.map(({ commit }) => commit));
  const [since] = commits;
  const isUsable =
    !anew &&
    since !== undefined &&
    since !== "" &&
    commits.size === 1 &&
    records.every(({ retry, unclear, ...record }) => record.settings === settings.hash && !retry && !unclear);
  if (!isUsable) return undefined;
  if (since === tip) return [];
  const changes = await bitbucket.changes(addressOf({ key, slug }), since, tip);
  return changes?.isComplete ? changes.paths : undefined;
}

async function readWholeTree(
  repository: RepositoryTip,
  records: readonly FileRecord[],
  context: GitopsContext,
): Promise<Tree> {
  const { isDefinition } = context.settings;
  const paths = await context.bitbucket.paths(addressOf(repository), repository.tip);
  if (paths === undefined) throw unclear("no_such_commit");
  const there = new Set(paths);
  await confirmGone(
    repository,
    records.filter(({ path }) => !there.has(path)),
    context,
  );
  const known = new Set(records.map(({ path }) => path));
  // Where not all are read, those that were before.
  const definitions = paths
    .filter(isDefinition)
    .toSorted((a, b) => Number(known.has(b)) - Number(known.has(a)));
  const files = await readDefinitionFiles(repository, definitions, context);
  const dropped = records.filter(({ path }) => there.has(path) && !isDefinition(path));
  const hasNone = paths.length > 0 && definitions.length === 0;
  return { files: withoutDuplicates(files), kept: [], dropped, hasNone };
}

/** A listing may be empty, or not whole: a file is gone when Bitbucket says so of its own path. */
async function confirmGone(
  repository: RepositoryTip,
  records: readonly FileRecord[],
  { bitbucket }: GitopsContext,
): Promise<void> {
  for (const { path } of records) {
    const file = await bitbucket.fileAt(addressOf(repository), path, repository.tip, 1);
    if (file.is === "here") throw unclear("unclear_listing");
  }
}

function unclear(code: string): RequestError {
  return new RequestError(
    { service: "bitbucket", operation: "GET files", code },
    "it does not say which files are there",
  );
}
