import type { Closers } from "../../infra/local/closers.ts";
import type { Packaged } from "./packaged.ts";

/** Something to be measured, chosen by its name with `--only`. */
export interface Benchmark {
  readonly name: string;
  /** @param packaged packages the service, where it is asked for */
  run(packaged: () => Promise<Packaged>, closers: Closers): Promise<readonly Figure[]>;
}

/** One thing that was measured. */
export interface Figure {
  /** Its key in the JSON, e.g. `ratio`. */
  readonly name: string;
  /** What it is, for people. */
  readonly what: string;
  readonly value: number;
  /** `ms`, `/s` and the like; empty for a ratio or a count. */
  readonly unit: string;
  /** Absent where the figure is only reported. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

/** Whether a figure is within its target; undefined when it has none. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}
