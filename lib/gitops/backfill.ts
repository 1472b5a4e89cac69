import { addressName, type RepositoryAddress } from "../bitbucket/address.ts";
import { repositoryAddress } from "../bitbucket/objects.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import { leaveGone } from "./leave-gone.ts";
import { isSynced, withTip } from "./listed-tip.ts";
import type { FileRecord } from "./record.ts";
import { type Index, readIndex, readRecords } from "./records.ts";
import { addressOf } from "./repository-address.ts";
import { forgetSearched, rememberSearched, type Searched } from "./searched.ts";
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
  let index: Promise<Index> | undefined;
  const readOnce = () => {
    index ??= readIndex(context.port);
    return index;
  };

  return {
    async sync(repositories, fail) {
      const { records: all, searched } = await readOnce();
      const byRepository = Map.groupBy(all, ({ repositoryId }) => repositoryId);
      const withNone = new Map(
        searched.flatMap((one) => (isCurrent(one, context) ? Object.entries(one.tips) : [])),
      );
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
            if (records.length === 0 && withNone.get(repository.id) === repository.tip) return;
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
      const results = await syncRepositories(due, context);
      for (const { repository, failed } of results) {
        if (failed !== undefined) problems.push(...fail(addressOf(repository), failed));
      }
      const without = results.filter(({ hasNone }) => hasNone).map(({ repository }) => repository);
      await rememberSearched(without, context.settings.hash, context.port);
      return problems;
    },

    async listed(project, repositories) {
      const ids = new Set(repositories.map(({ id }) => String(id)));
      const isOf = (key: string) => key.toLowerCase() === project.toLowerCase();
      const { records, searched } = await readOnce();
      const own = searched.filter((one) => isOf(one.project));
      await forgetSearched(own, (id) => ids.has(id), context.port);
      const missing = records.filter((record) => isOf(record.key) && !ids.has(record.repositoryId));
      return missing.length === 0 ? [] : leaveGone(await whole(missing, context), context);
    },

    async listedProjects(keys, isWanted) {
      const known = new Set(keys.map((key) => key.toLowerCase()));
      const isMissing = (key: string) => !known.has(key.toLowerCase()) && isWanted(key);
      const { records, searched } = await readOnce();
      await forgetSearched(
        searched.filter(({ project }) => isMissing(project)),
        () => false,
        context.port,
      );
      const missing = records.filter(({ key }) => isMissing(key));
      return missing.length === 0 ? [] : leaveGone(await whole(missing, context), context);
    },

    sweep: (options) => sweepDefinitions(options, context),
  };
}

/** What it defined before is still in Port. */
function withoutTip(address: RepositoryAddress): string {
  return `${addressName(address)}: the tip of its default branch is not to be had: what its definition files made stays`;
}

function isCurrent({ settings }: Searched, context: GitopsContext): boolean {
  return settings === context.settings.hash;
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
