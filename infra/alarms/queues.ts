import type { FunctionKey, Stack } from "../template.ts";
import type { Alarm } from "./alarm.ts";
import { ownMetric, queueMetric } from "./metric.ts";

/** Nobody looks into a dead-letter queue unasked, and a queue that stands still says nothing. */
export function queueAlarms({ resyncRate }: Stack): Alarm[] {
  return [
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
    ...late("live", {
      description:
        "Events have waited for more than half an hour: Port is behind. Search the consumer's log for `outcome: retry` " +
        "and its reason: 401 = mend the credentials secret; 404 = run setup; 429, 5xx or no answer = Port or Bitbucket " +
        "are away, the queue drains by itself when they are back. Nothing is lost for 10 days.",
      queue: "LiveQueue",
      worker: "consumer",
      afterMinutes: 30,
    }),
    ...late("backfill", {
      description:
        "The backfill of a project is not done when the next resync is due: Bitbucket or Port are away or limit the " +
        "rate of calls, or there is more to do than fits. Search the backfill's log for the project. If both sides are " +
        "well, raise backfillConcurrency, or have resyncs less often (resyncRate).",
      queue: "BackfillQueue",
      worker: "backfill",
      afterMinutes: resyncRate,
    }),
  ];
}

function deadLetters(name: string, queue: string, description: string): Alarm {
  return {
    name: `${name}-dead-letters`,
    description,
    metric: queueMetric(queue, "ApproximateNumberOfMessagesVisible"),
    when: { above: 0 },
    period: 60,
  };
}

interface Late {
  readonly description: string;
  readonly queue: string;
  /** The function that works the queue off. */
  readonly worker: FunctionKey;
  readonly afterMinutes: number;
}

/**
 * Two alarms, as SQS's own age leaves out messages that were received three times, and all that wait for Port or
 * Bitbucket soon have been: those the function itself tells of, whenever it puts them off, 15 minutes at the most.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function late(name: string, { description, queue, worker, afterMinutes }: Late): Alarm[] {
  const seconds = afterMinutes * 60;
  const age = queueMetric(queue, "ApproximateAgeOfOldestMessage");
  const waited = ownMetric(worker, "waited", "Maximum");
  return [
    { name: `${name}-age`, description, metric: age, when: { above: seconds }, period: 300 },
    { name: `${name}-waiting`, description, metric: waited, when: { above: seconds * 1000 }, period: 1800 },
  ];
}
