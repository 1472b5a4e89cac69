import type { Alarm } from "./alarm.ts";
import { queueMetric } from "./metric.ts";

/** Nobody looks into a dead-letter queue unasked. */
export const deadLetterAlarms: readonly Alarm[] = [
  deadLetters(
    "live",
    "LiveDeadQueue",
    "Events that Port or the mapping refuses. Read each message's attribute `reason`, mend the cause, then redrive.",
  ),
  deadLetters(
    "backfill",
    "BackfillDeadQueue",
    "Backfills that were given up. Read which project each message names, search the backfill's log for it, mend the " +
      "cause, then redrive.",
  ),
  deadLetters(
    "resync",
    "ResyncDeadQueue",
    "A scheduled resync could not be started or failed three times. Search the resync's log, mend the cause, start " +
      "it by hand (osls invoke -f resync), then purge the queue.",
  ),
];

function deadLetters(name: string, queue: string, description: string): Alarm {
  return {
    name: `${name}-dead-letters`,
    description,
    metric: queueMetric(queue, "ApproximateNumberOfMessagesVisible"),
    when: { above: 0 },
    period: 60,
  };
}
