import type { BitbucketClient } from "../bitbucket/client.ts";
import type { Kind } from "../bitbucket/objects.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { PortClient } from "../port/client.ts";
import type { GitopsKind } from "./counts.ts";
import type { MappingFaults } from "./mapping-faults.ts";
import type { Memory } from "./memory.ts";
import type { Model } from "./model.ts";
import type { TargetOf } from "./relations.ts";

/** What every path works with. */
export interface SyncContext {
  /** Absent when no Bitbucket is configured: events are then taken at their word. */
  readonly bitbucket: BitbucketClient | undefined;
  readonly port: PortClient;
  readonly mapper: Mapper;
  readonly mappingFaults: MappingFaults;
  readonly model: Model;
  readonly targetOf: TargetOf;
  readonly memory: Memory;
  /** Told of each entity that was written or deleted. */
  readonly report?: (
    what: "created" | "updated" | "deleted",
    kind: Kind | GitopsKind,
    identifier: string,
  ) => void;
}
