import { addressName, type RepositoryAddress } from "../bitbucket/address.ts";
import { repositoryAddress, textField } from "../bitbucket/objects.ts";
import { RequestError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import { leaveGone } from "./leave-gone.ts";
import { addressOf } from "./read-tree.ts";
import type { FileRecord } from "./record.ts";
import { recordIdentifier } from "./record-identifier.ts";
import { readIndex, readRecords } from "./records.ts";
import { type SweepOptions, sweepDefinitions } from "./sweep.ts";
import { syncRepositories } from "./sync-repositories.ts";
import { confirmed } from "./tip-of.ts";

/** What becomes of a repository that cannot be read now, as sentences. */
export type Fail = (repository: RepositoryAddress, error: RequestError) => string[];

/** The backfill's side of the definition files. */
export interface BackfillDefinitions {
  /**
   * Syncs the files of some repositories, of those that changed since the last time. Each with `__latestCommit` where
   * that was read.
   * @param fail says what becomes of what cannot be read now
   * @returns what is wrong, as sentences
   */
  sync(repositories: readonly JsonObject[], fail: Fail): Promise<string[]>;
  /** Looks for repositories with records that a whole listing of their project did not show. */
  listed(project: string, repositories: readonly JsonObject[]): Promise<string[]>;
  /** Looks for records of projects that were not listed. @param isWanted whether a project is in the run's filter */
  listedProjects(keys: readonly string[], isWanted: (key: string) => boolean): Promise<string[]>;
  /** Deletes what no file defines any more; at the end of a run. */
  sweep(options: SweepOptions): Promise<string[]>;
}

export function createBackfillDefinitions(
  context: GitopsContext | undefined,
): BackfillDefinitions | undefined {
  if (context === undefined) return undefined;
  let index: Promise<readonly FileRecord[]> | undefined;
  const readOnce = () => {
    index ??= readIndex(context.port);
    return index;
  };

  return {
    async sync(repositories, fail) {
      const byRepository = Map.groupBy(await readOnce(), ({ repositoryId }) => repositoryId);
      const problems: string[] = [];
      const due: RepositoryTip[] = [];
      await Promise.all(
        repositories.map(async (object) => {
          const address = repositoryAddress(object);
          if (address === undefined) return;
          try {
            const repository = await withTip(address, object, context);
            const records = byRepository.get(String(object["id"])) ?? [];
            if (repository === undefined) {
              if (records.some(({ gone }) => !gone)) problems.push(withoutTip(address));
              return;
            }
            if (records.length > 0 && records.every((record) => isSynced(record, repository, context))) {
              for (const _ of records) count(context);
            } else {
              const present = records.length > 0 ? await confirmed(repository, context) : repository;
              if (present !== undefined) due.push(present);
            }
          } catch (error) {
            if (!(error instanceof RequestError)) throw error;
            problems.push(...fail(address, error));
          }
        }),
      );
      if (due.length === 0) return problems;
      for (const { repository, failed } of await syncRepositories(due, context)) {
        if (failed !== undefined) problems.push(...fail(addressOf(repository), failed));
      }
      return problems;
    },

    async listed(project, repositories) {
      const ids = new Set(repositories.map(({ id }) => String(id)));
      const isOf = (record: FileRecord) => record.key.toLowerCase() === project.toLowerCase();
      const missing = (await readOnce()).filter((record) => isOf(record) && !ids.has(record.repositoryId));
      return missing.length === 0 ? [] : leaveGone(await whole(missing, context), context);
    },

    async listedProjects(keys, isWanted) {
      const known = new Set(keys.map((key) => key.toLowerCase()));
      const missing = (await readOnce()).filter(({ key }) => !known.has(key.toLowerCase()) && isWanted(key));
      return missing.length === 0 ? [] : leaveGone(await whole(missing, context), context);
    },

    sweep: (options) => sweepDefinitions(options, context),
  };
}

/** The repository with the tip of its default branch; undefined when it has none yet, or it could not be read. */
async function withTip(
  address: RepositoryAddress,
  object: JsonObject,
  { bitbucket, mapper }: GitopsContext,
): Promise<RepositoryTip | undefined> {
  const id = object["id"];
  if (typeof id !== "number") return undefined;
  const isRead = mapper.reads("repository", "__latestCommit");
  const known = object["__latestCommit"];
  const commit = isRead ? (isJsonObject(known) ? known : undefined) : await bitbucket.latestCommit(address);
  const tip = textField(commit, "id");
  return tip === undefined
    ? undefined
    : { key: address.key, slug: address.slug, id: String(id), object, tip };
}

/** What it defined before is still in Port. */
function withoutTip(address: RepositoryAddress): string {
  return `${addressName(address)}: the tip of its default branch is not to be had: what its definition files made stays`;
}

function isSynced(
  record: FileRecord,
  { key, slug, tip }: RepositoryTip,
  { settings }: GitopsContext,
): boolean {
  const isHere = record.identifier === recordIdentifier(key, slug, record.path);
  // A fault may have been one of the answer.
  const isDone = !record.retry && !record.unclear;
  return isHere && record.commit === tip && record.settings === settings.hash && isDone;
}

function count({ count: add }: GitopsContext): void {
  add?.("gitops-file", "seen");
  add?.("gitops-file", "unchanged");
}

/** All records of these repositories, as they are now. */
function whole(records: readonly FileRecord[], { port }: GitopsContext): Promise<FileRecord[]> {
  return readRecords(
    port,
    records.map(({ repositoryId }) => repositoryId),
  );
}
