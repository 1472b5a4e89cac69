import type { Kind } from "../bitbucket/objects.ts";
import { type Counts, type GitopsKind, kindsOf } from "../sync/counts.ts";
import { table } from "./table.ts";

type What = "created" | "updated" | "deleted";

export interface Summary {
  readonly counts: Counts;
  readonly problems: readonly string[];
  /** What an operator should know and need not mend. */
  readonly notes: readonly string[];
  readonly calls: { readonly bitbucket: number; readonly port: number };
  readonly seconds: number;
  readonly dryRun: boolean;
}

/** Collects what a run does, for its summary. */
export interface Report {
  add(what: What, kind: Kind | GitopsKind, identifier: string): void;
  text(summary: Summary): string;
}

/** Identifiers and problems that a summary names, of each. */
const named = 20;
const columns = [
  "seen",
  "created",
  "updated",
  "unchanged",
  "older",
  "deleted",
  "withheld",
  "left",
  "failed",
] as const;

export function createReport(): Report {
  const first = new Map<string, string[]>();

  return {
    add(what, kind, identifier) {
      const list = first.get(`${kind} ${what}`) ?? [];
      first.set(`${kind} ${what}`, list);
      if (list.length < named) list.push(identifier);
    },
    text({ counts, problems, notes, calls, seconds, dryRun }) {
      const rows = kindsOf(counts).map((kind) => [
        kind,
        ...columns.map((column) => String(counts[kind]?.[column] ?? 0)),
      ]);
      const identifiers = [...first].flatMap(([name, list]) => [
        `would be ${name}:`,
        ...list.map((it) => `  ${it}`),
      ]);
      return [
        table([["", ...columns], ...rows]),
        `${calls.bitbucket} calls to Bitbucket, ${calls.port} to Port, ${seconds} s`,
        ...(dryRun ? ["Nothing was written.", ...identifiers] : []),
        ...notes.slice(0, named).map((note) => `i ${note}`),
        ...(notes.length > named ? [`i and ${notes.length - named} more`] : []),
        ...problems.slice(0, named).map((problem) => `! ${problem}`),
        ...(problems.length > named ? [`! and ${problems.length - named} more`] : []),
        "",
      ].join("\n");
    },
  };
}
