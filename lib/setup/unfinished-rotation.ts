import { ConfigError, isOutOfTime } from "../errors.ts";
import type { SetupSummary } from "./summary.ts";

const stillGood =
  "rotation: not finished: the old webhook secret is still good, until the same command, run again after this is " +
  "mended, ends it";

/** The summary of a rotation that has to be run again. */
export function unfinished(summary: SetupSummary, ...reasons: string[]): SetupSummary {
  const failed = [...summary.webhooks.failed, ...reasons, stillGood];
  return { ...summary, ok: false, webhooks: { ...summary.webhooks, failed }, rotation: "unfinished" };
}

/** What a rotation throws when it was interrupted by an error. */
export function rotationFailed(error: unknown): ConfigError {
  return new ConfigError("The webhook secret was not rotated to the end", [...reasonsOf(error), stillGood]);
}

/** Messages of errors that are not ours may quote what they choked on: only their kind is told. */
function reasonsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.faults;
  if (isOutOfTime(error)) return ["the time was up"];
  return [error instanceof Error ? error.name : "something unknown went wrong"];
}
