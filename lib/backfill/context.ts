import type { Address, RepositoryAddress } from "../bitbucket/address.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { Kind } from "../bitbucket/objects.ts";
import type { PullRequestState } from "../config/config.ts";
import type { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { BackfillMessage } from "../queue/backfill-message.ts";
import type { Candidate } from "../sync/candidate.ts";
import type { SyncContext } from "../sync/context.ts";
import type { Counts } from "../sync/counts.ts";
import type { Backpressure } from "./backpressure.ts";
import type { FinishedPasses } from "./finished-passes.ts";

/** What became of a message of the backfill's queue. */
export interface Worked {
  readonly problems: Problems;
  /** The messages in which it goes on. */
  readonly more: readonly BackfillMessage[];
  /** How long it is to wait for others first, in ms. */
  readonly waitMs?: number;
}

/** What a backfill works with. */
export interface BackfillContext extends SyncContext {
  readonly bitbucket: BitbucketClient;
  readonly backpressure: Backpressure;
  /** What links to this Bitbucket begin with: the configured host, and what the objects of this run taught. */
  readonly bases: Set<string>;
  /** Sentences for the operator that do not make the run a failed one; added to as the work goes on. */
  readonly notes: string[];
  /** The pull requests that are listed; an entity in another state is not looked for. */
  readonly state: PullRequestState;
  /** Project keys that are wanted; empty = all. */
  readonly projects: readonly string[];
  /** Whether personal projects are wanted, all of them, beside those. */
  readonly personalProjects: boolean;
  /** Deletions above this share (percent of what Port has in the scope), and above ten, are withheld … */
  readonly maxDeletePercent: number;
  /** … unless they are allowed. */
  readonly allowMassDelete: boolean;
  /** Deletes entities of objects that the mapping calls something else by now. */
  readonly deleteSuperseded: boolean;
  /** Nothing is written; what would be is reported. */
  readonly dryRun: boolean;
  /** What was done so far, added to as the work goes on. */
  readonly counts: Counts;
  /** True when the work should come to an end at the next good place. */
  readonly outOfTime: () => boolean;
  /** Told of what was written over something that was there. */
  readonly onRewrite?: (candidate: Candidate) => void;
  /** After so long, in ms, nobody writes any more what he decided on before we wrote. */
  readonly recheckAfterMs: number;
  /** What fails for now has failed for so long that it is named instead of tried again. */
  readonly isBroken?: boolean;
  /** Repositories that are worked on together, where it is not as many as usual. */
  readonly repositoriesTogether?: number;
  /**
   * Told of what failed now and may succeed later, which then is no problem: with the ms that a service asked to wait, and
   * the object.
   */
  readonly onRetry?: (retryAfterMs: number | undefined, address?: Address) => void;
  readonly progress?: (kind: Kind, change: { readonly known?: number; readonly done?: number }) => void;
  /** Told at once, in a sentence, what keeps the work waiting. */
  readonly tell: (sentence: string) => void;
  /** Makes sure of a project's webhook; never throws. Absent where webhooks are nobody's business here. */
  readonly keepWebhook?: ((project: string) => Promise<void>) | undefined;
  /** Absent where nothing comes twice. */
  readonly finishedPasses?: FinishedPasses;
  /** Absent where no files are looked for. */
  readonly definitionFiles?: DefinitionFiles | undefined;
}

/** Entities from files in the repositories. */
export interface DefinitionFiles {
  /**
   * Syncs the files of repositories that changed since the last time; each with `__latestCommit` where that was read.
   * @param fail what becomes of what cannot be read now
   */
  sync(
    repositories: readonly JsonObject[],
    fail: (repository: RepositoryAddress, error: RequestError) => Problems,
  ): Promise<Problems>;
  /** Looks for repositories with such files that a whole listing of their project did not show. */
  listed(project: string, repositories: readonly JsonObject[]): Promise<Problems>;
  /** The same for projects. */
  listedProjects(keys: readonly string[], isWanted: (key: string) => boolean): Promise<Problems>;
  /** Deletes the entities that no file defines any more: at the end of a run, or of one repository. */
  sweep(options: {
    /** Bitbucket's number of the repository. */
    readonly only?: string | undefined;
    readonly maxDeletePercent: number;
    readonly allowMassDelete: boolean;
  }): Promise<Problems>;
}

/** What is wrong with a part of a backfill; empty when all of it was reconciled. */
export type Problems = string[];
