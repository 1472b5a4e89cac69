import { selfLink } from "../bitbucket/objects.ts";
import type { Claims } from "./claims.ts";
import type { RepositoryTip } from "./context.ts";
import { goneRecord } from "./gone-record.ts";
import { type EntityName, type Fields, noFields } from "./names.ts";
import type { Decision } from "./plan.ts";
import type { Tree } from "./read-tree.ts";
import { type FileRecord, recordIdentifier } from "./record.ts";
import { vanish } from "./vanish.ts";
import type { WantedFile } from "./wanted.ts";
import type { Written } from "./write-entities.ts";

/** What is decided about a repository's files. */
export interface RepositoryPlan {
  readonly repository: RepositoryTip;
  /** The identifier of the repository's entity. */
  readonly entity: string | undefined;
  readonly settings: string;
  readonly records: readonly FileRecord[];
  readonly claims: Claims;
  readonly files: readonly WantedFile[];
  readonly kept: Tree["kept"];
  readonly dropped: Tree["dropped"];
  readonly decisions: ReadonlyMap<EntityName, Decision>;
}

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
    gone: false,
  }));
  return [...files, ...plan.kept, ...dropped, ...gone].map((record) => present(record, plan));
}

/** All that the repository defines at its tip, as far as that can be told. */
export function currentNames({ files, kept, dropped, records }: RepositoryPlan): ReadonlySet<EntityName> {
  const byPath = new Map(records.map((record) => [record.path, record]));
  const carried = files.filter(({ isDoubtful }) => isDoubtful).map(({ path }) => byPath.get(path));
  return new Set([
    ...files.flatMap(({ entities }) => entities.map(({ name }) => name)),
    ...[...kept, ...dropped, ...carried].flatMap((record) => record?.entities ?? []),
  ]);
}

function fileRecord(
  file: WantedFile,
  old: FileRecord | undefined,
  { claims, decisions, repository }: RepositoryPlan,
  current: ReadonlySet<EntityName>,
  written: (name: EntityName) => Written | undefined,
): FileRecord {
  const problems = [...file.problems];
  const entities: EntityName[] = [];
  const created: EntityName[] = [];
  const waiting: EntityName[] = [];
  const wrote: Record<EntityName, Fields> = {};
  let { retry } = file;
  for (const { name } of file.entities) {
    const decision = decisions.get(name);
    if (decision?.is === "waiting") {
      waiting.push(name);
      problems.push(
        `${name} is also defined in ${decision.owner.identifier}, which had it first and keeps it`,
      );
      retry = true;
      continue;
    }
    if (decision === undefined) continue;
    entities.push(name);
    const result = written(name);
    const isRefused = result?.is === "refused";
    if (isRefused) problems.push(`${name}: Port refuses it: ${result.reason}`);
    problems.push(...decision.unresolved.map((sentence) => `${name}: ${sentence}`));
    retry ||= isRefused || decision.unresolved.length > 0;
    if (isRefused ? claims.isCreated(name) : decision.isCreated) created.push(name);
    wrote[name] = isRefused ? union(claims.wrote(name), decision.fields) : decision.fields;
  }
  // What a file that cannot all be understood does not seem to define may be in it all the same.
  const isCarried = (name: EntityName) =>
    file.isDoubtful && !entities.includes(name) && !waiting.includes(name);
  const carried = (old?.entities ?? []).filter(isCarried);
  const leaving = old === undefined ? [] : vanish(old, current, claims).leaving;
  for (const name of [...carried, ...leaving]) {
    if (old?.created.includes(name)) created.push(name);
    wrote[name] = old?.wrote[name] ?? noFields;
  }
  return {
    identifier: "",
    repositoryId: repository.id,
    key: repository.key,
    slug: repository.slug,
    path: file.path,
    commit: repository.tip,
    settings: "",
    status: file.status === "OK" && problems.length > file.problems.length ? "FAULT" : file.status,
    problems,
    entities: [...entities, ...carried],
    created,
    waiting,
    leaving,
    references: file.references,
    wrote,
    retry,
    gone: false,
    link: "",
    repository: undefined,
  };
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

function union(a: Fields, b: Fields): Fields {
  return {
    properties: [...new Set([...a.properties, ...b.properties])],
    relations: [...new Set([...a.relations, ...b.relations])],
  };
}

function pathOf({ path }: FileRecord): string {
  return path;
}
