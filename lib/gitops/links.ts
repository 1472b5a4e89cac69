import type { Definition } from "./definition.ts";

/** A value of a definition that is to be a file's content. */
export type Link = {
  /** Keys and indexes on the way from the entity to the value, e.g. `["properties", "readme"]`. */
  readonly at: readonly (string | number)[];
} & (
  | { /** The file's path from the repository's root. */ readonly target: string }
  | { /** Why it is not followed, as a sentence. */ readonly refused: string }
);

/** What was found at a link's target. */
export type LinkedFile =
  | { readonly is: "here"; readonly text: string }
  | { readonly is: "missing" }
  | { readonly is: "unreadable" /** e.g. `it is larger than 1 MiB` */; readonly why: string };

/** A definition with the contents of files in place of links to them. */
export interface Resolved {
  /** Without the properties, relations and others whose links have no content: they stay as they are in Port. */
  readonly definition: Definition;
  readonly leftOut: { readonly properties: readonly string[]; readonly relations: readonly string[] };
  /** Sentences for people. */
  readonly problems: readonly string[];
}
