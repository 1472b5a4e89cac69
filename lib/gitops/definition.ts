import type { Json, JsonObject } from "../json.ts";

/** An entity as a file describes it. Its texts are well-formed, without NUL; its identifier is one that Port takes. */
export interface Definition {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title?: string;
  readonly icon?: string;
  /** A name, names, or a search `{combinator, rules}`. */
  readonly team?: Json;
  /** A null clears the property in Port. */
  readonly properties: JsonObject;
  /** An identifier, identifiers, null, or a search `{combinator, rules}`. */
  readonly relations: Readonly<Record<string, Json>>;
  readonly place: Place;
}

/** Where a definition begins. */
export interface Place {
  /** Of the file, relative to the repository's root. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What a file says. */
export interface DefinitionFile {
  readonly path: string;
  /**
   * `FAULT`: something in it cannot be understood, so what it lacks may not be deleted; `IGNORED`: it is a file of
   * something else.
   */
  readonly status: "OK" | "FAULT" | "IGNORED";
  /** Those that can be understood, in the file's order, also where others cannot. */
  readonly definitions: readonly Definition[];
  /** Sentences for people, also for what is only worth knowing (status `OK`) and why a file is `IGNORED`. */
  readonly problems: readonly string[];
}
