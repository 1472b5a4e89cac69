import type { Blueprint, Properties, Relations, Write } from "./types.ts";

/** An entity in the store. Its values are replaced, never changed in place. */
export type Stored = {
  readonly blueprint: string;
  readonly identifier: string;
  /** The order of creation, which is the order of every listing. */
  readonly sequence: number;
  readonly createdAt: string;
  updatedAt: string;
  title: string | undefined;
  icon: string | undefined;
  team: readonly string[];
  properties: Properties;
  relations: Relations;
  /** The keys of the entities that it relates to. */
  targets: readonly string[];
  gone: boolean;
};

export type Table = { readonly byIdentifier: Map<string, Stored>; order: Stored[]; gone: number };

/** The catalog in memory, with an index of who relates to whom. `version` grows with each change. */
export type Store = {
  readonly blueprints: Map<string, Blueprint>;
  readonly tables: Map<string, Table>;
  readonly dependents: Map<string, Set<Stored>>;
  readonly now: () => number;
  readonly journal: Journal;
  /** Whether "related to" means directly. */
  readonly oneHop: boolean;
  version: number;
  sequence: number;
};

/** Who changes the catalog just now, and what is to be told of it. */
export type Journal = {
  /** The caller's `User-Agent`; undefined while nobody calls. */
  userAgent: string | undefined;
  readonly writes: Write[];
  readonly note: ((write: Write) => void) | undefined;
};
