import type { RepositoryAddress } from "../bitbucket/address.ts";
import type { BitbucketEvent } from "../bitbucket/events.ts";
import type { PushedBranch } from "../bitbucket/pushed.ts";
import type { JsonObject } from "../json.ts";
import type { BackfillMessage } from "../queue/backfill-message.ts";
import type { SyncContext } from "../sync/context.ts";

/** An event of the live queue. */
export interface LiveEvent {
  readonly deliveryId: string;
  /** When the webhook took it, epoch ms. */
  readonly acceptedAt: number;
  /** How often its message was delivered, this time included. */
  readonly deliveries: number;
  readonly event: BitbucketEvent;
}

/** Both throw RequestError when it may be done later. */
export interface DefinitionPushes {
  pushed(push: {
    readonly address: RepositoryAddress;
    readonly object: JsonObject;
    /** Undefined where the push does not say which. */
    readonly branches: readonly PushedBranch[] | undefined;
  }): Promise<void>;
  /** A repository was renamed or moved. */
  moved(address: RepositoryAddress, object: JsonObject): Promise<void>;
}

/** What the live path works with. */
export interface LiveContext extends SyncContext {
  /** Entities from files in the repositories; absent where none are looked for. */
  readonly definitionPushes?: DefinitionPushes | undefined;
  readonly sendBackfill: (message: BackfillMessage) => Promise<void>;
}
