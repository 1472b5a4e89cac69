import { selfLink } from "../bitbucket/objects.ts";
import { carriedNames, fileRecord } from "./file-record.ts";
import { goneRecord } from "./gone-record.ts";
import type { EntityName } from "./names.ts";
import type { FileRecord } from "./record.ts";
import { recordIdentifier } from "./record-identifier.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { vanish } from "./vanish.ts";
import type { Written } from "./write-entities.ts";

/** The records as they are to be, when what was decided has been written. */
export function finalRecords(
  plan: RepositoryPlan,
  written: (name: EntityName) => Written | undefined,
): FileRecord[] {
  const current = currentNames(plan);
  const byPath = new Map(plan.records.map((record) => [record.path, record]));
  const files = plan.files.map((file) => fileRecord(file, byPath.get(file.path), plan, current, written));
  const stay = new Set([
    ...plan.files.map(({ path }) => path),
    ...[...plan.kept, ...plan.dropped].map(pathOf),
  ]);
  const gone = plan.records
    .filter(({ path }) => !stay.has(path))
    .flatMap((record) => {
      const { leaving } = vanish(record, current, plan.claims);
      if (leaving.length === 0) return [];
      return [goneRecord(record, leaving)];
    });
  const dropped = plan.dropped.map((record) => ({
    ...record,
    status: "IGNORED" as const,
    problems: ["GITOPS_FILES does not name this file any more: what it defined stays as it is"],
    retry: false,
    unclear: false,
    gone: false,
  }));
  return [...files, ...plan.kept, ...dropped, ...gone].map((record) => present(record, plan));
}

/** All that the repository defines at its tip, as far as that can be told. */
export function currentNames({ files, kept, dropped, records }: RepositoryPlan): ReadonlySet<EntityName> {
  const byPath = new Map(records.map((record) => [record.path, record]));
  return new Set([
    ...files.flatMap(({ entities }) => entities.map(({ name }) => name)),
    ...files.flatMap((file) => carriedNames(file, byPath.get(file.path), records)),
    ...[...kept, ...dropped].flatMap(({ entities }) => entities),
  ]);
}

/** At the repository's present address, synced to its tip. */
function present(record: FileRecord, { repository, entity, settings }: RepositoryPlan): FileRecord {
  const { key, slug, tip, object } = repository;
  const page = selfLink(object);
  const identifier = recordIdentifier(key, slug, record.path);
  return {
    ...record,
    identifier,
    key,
    slug,
    commit: tip,
    settings,
    link: page === undefined ? "" : `${page}/${record.path.split("/").map(encodeURIComponent).join("/")}`,
    repository: entity,
  };
}

function pathOf({ path }: FileRecord): string {
  return path;
}
