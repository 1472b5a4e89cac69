import type { Repository } from "./model.ts";

export type Json = Readonly<Record<string, unknown>>;

/** How objects look: what their links start with (or none), how dates are written, if drafts and addresses show. */
export type JsonStyle = {
  readonly base: string;
  readonly links: boolean;
  readonly dates: "epoch" | "iso";
  readonly drafts: boolean;
  readonly emails: boolean;
  /** Repositories that were shown already: a page of pull requests shows the same ones over and over. */
  readonly shown: Map<Repository, Json>;
};
