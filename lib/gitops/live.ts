import { emitMetrics } from "../aws/metrics.ts";
import type { RepositoryAddress } from "../bitbucket/address.ts";
import type { JsonObject } from "../json.ts";
import type { GitopsContext } from "./context.ts";
import { createDefaultBranches } from "./default-branches.ts";
import { type Push, syncPush, syncRepository } from "./push.ts";
import { createReferences } from "./references.ts";
import type { Synced } from "./synced.ts";
import { atTip } from "./tip-of.ts";

/** The live path's side of the definition files. */
export interface LiveDefinitions {
  /** @throws RequestError when it may be done later */
  pushed(push: Push): Promise<void>;
  /** A repository was renamed or moved: its records go along. @throws RequestError when it may be done later */
  moved(address: RepositoryAddress, object: JsonObject): Promise<void>;
}

/**
 * @param onLeaving told of repositories (Bitbucket's number) that let go of something that was made from their files
 */
export function createLiveDefinitions(
  context: GitopsContext | undefined,
  onLeaving: (repositoryId: string) => Promise<void>,
): LiveDefinitions | undefined {
  if (context === undefined) return undefined;
  const references = createReferences(context.port);
  const defaultBranch = createDefaultBranches(context.bitbucket);
  const settle = async (synced: Synced | undefined) => {
    if (synced !== undefined && synced.faults > 0) emitMetrics({ gitopsFaults: synced.faults });
    if (synced?.isLeaving) await onLeaving(synced.repository.id);
  };
  return {
    pushed: async (push) => settle(await syncPush(push, { ...context, references, defaultBranch })),
    async moved(address, object) {
      const repository = await atTip(address, object, context);
      if (repository !== undefined) await settle(await syncRepository(repository, context));
    },
  };
}
