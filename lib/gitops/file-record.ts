import { type EntityName, type Fields, union } from "./names.ts";
import { type FileRecord, wroteOf } from "./record.ts";
import { firstProblems } from "./record-size.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { vanish } from "./vanish.ts";
import type { WantedFile } from "./wanted.ts";
import type { Written } from "./write-entities.ts";

/**
 * What a file may define beside that which can be written now: all that it had, where it cannot all be understood, and
 * of what may not be written, what the repository has.
 */
export function carriedNames(
  { isDoubtful, unwritten }: WantedFile,
  old: FileRecord | undefined,
  records: readonly FileRecord[],
): EntityName[] {
  const had = records.flatMap(({ entities, leaving }) => [...entities, ...leaving]);
  const before = isDoubtful ? (old?.entities ?? []) : [];
  return [...new Set([...before, ...unwritten.filter((name) => had.includes(name))])];
}

/** The record of a file that is there. @param current all that the repository defines */
export function fileRecord(
  file: WantedFile,
  old: FileRecord | undefined,
  { claims, decisions, repository, records }: RepositoryPlan,
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
      const maker = records.find((record) => record.created.includes(name));
      if (maker !== undefined) {
        created.push(name);
        wrote[name] = wroteOf(maker, name);
      }
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
    const isMade = isRefused && result.isMade;
    if (isRefused) problems.push(`${name}: Port refuses it: ${result.reason}`);
    problems.push(...decision.unresolved.map((sentence) => `${name}: ${sentence}`));
    retry ||= isRefused || decision.unresolved.length > 0;
    if (isMade || (isRefused ? claims.isCreated(name) : decision.isCreated)) created.push(name);
    wrote[name] = isRefused ? union(claims.wrote(name), decision.fields) : decision.fields;
  }
  const isOther = (name: EntityName) => !entities.includes(name) && !waiting.includes(name);
  const carried = carriedNames(file, old, records).filter(isOther);
  const leaving = old === undefined ? [] : vanish(old, current, claims).leaving;
  for (const name of [...carried, ...leaving]) {
    if (claims.isCreated(name)) created.push(name);
    wrote[name] = claims.wrote(name);
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
    problems: firstProblems(problems),
    entities: [...entities, ...carried],
    created,
    waiting,
    leaving,
    references: file.references,
    wrote,
    retry,
    unclear: file.status === "FAULT" && file.isDoubtful,
    gone: false,
    link: "",
    repository: undefined,
  };
}
