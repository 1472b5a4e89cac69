import type { BitbucketClient } from "../bitbucket/client.ts";
import type { JsonObject } from "../json.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { PortClient } from "../port/client.ts";
import type { GitopsKind, KindCounts } from "../sync/counts.ts";
import type { Blueprints } from "./blueprints.ts";
import type { EntityName } from "./names.ts";

/** Which files are definitions, and what they may write. */
export interface GitopsSettings {
  /** Whether a path in a repository is a definition file's. */
  readonly isDefinition: (path: string) => boolean;
  /** The blueprints that files may write; empty = all that are not protected. */
  readonly blueprints: ReadonlySet<string>;
  /** Changes whenever the settings do. */
  readonly hash: string;
}

/** What syncing definition files works with. */
export interface GitopsContext {
  readonly bitbucket: BitbucketClient;
  readonly port: PortClient;
  readonly mapper: Mapper;
  readonly settings: GitopsSettings;
  readonly blueprints: Blueprints;
  /** The blueprints that the mapping fills, with the properties and relations that it sets. */
  readonly mapped: ReadonlyMap<string, ReadonlySet<string>>;
  /** Nothing is written; what would be is reported. */
  readonly dryRun?: boolean;
  readonly count?: (kind: GitopsKind, figure: keyof KindCounts) => void;
  readonly report?: (what: "created" | "updated" | "deleted", kind: GitopsKind, identifier: string) => void;
}

/** A repository with the tip that its default branch had. */
export interface RepositoryTip {
  readonly key: string;
  readonly slug: string;
  /** Bitbucket's number of it. */
  readonly id: string;
  /** As Bitbucket shows it. */
  readonly object: JsonObject;
  /** A commit's hash. */
  readonly tip: string;
  /** All of its files are to be read, whatever the records say. */
  readonly anew?: boolean;
  /** Entities that were made a moment ago, whatever others have written into the records meanwhile. */
  readonly made?: ReadonlySet<EntityName>;
}
