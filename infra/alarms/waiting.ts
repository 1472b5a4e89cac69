import type { FunctionKey, Stack } from "../template.ts";
import type { Alarm } from "./alarm.ts";
import { ownMetric, queueMetric } from "./metric.ts";

/** A queue that stands still says nothing. */
export function waitingAlarms({ resyncRate }: Stack): Alarm[] {
  return [
    ...waiting("live", {
      description:
        "Events have waited for more than half an hour: Port is behind. Search the consumer's log for `outcome: retry` " +
        "and its reason: 401 = mend the credentials secret; 404 = run setup; 429, 5xx or no answer = Port or Bitbucket " +
        "are away, the queue drains by itself when they are back. Nothing is lost for 10 days.",
      queue: "LiveQueue",
      worker: "consumer",
      afterMinutes: 30,
    }),
    ...waiting("backfill", {
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

interface Waiting {
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
function waiting(name: string, { description, queue, worker, afterMinutes }: Waiting): Alarm[] {
  const seconds = afterMinutes * 60;
  const age = queueMetric(queue, "ApproximateAgeOfOldestMessage");
  const waited = ownMetric(worker, "waited", "Maximum");
  return [
    { name: `${name}-age`, description, metric: age, when: { above: seconds }, period: 300 },
    { name: `${name}-waiting`, description, metric: waited, when: { above: seconds * 1000 }, period: 1800 },
  ];
}
