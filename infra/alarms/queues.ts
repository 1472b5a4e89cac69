import type { Stack } from "../template.ts";
import type { Alarm, Metric } from "./alarm.ts";

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
      "Projects whose backfill was given up. Search the backfill's log for the project, mend the cause, then start a " +
        "resync of it and purge the queue.",
    ),
    deadLetters(
      "resync",
      "ResyncDeadQueue",
      "A scheduled resync could not be started or failed three times. Search the resync's log, mend the cause, start " +
        "it by hand (osls invoke -f resync), then purge the queue.",
    ),
    {
      name: "live-age",
      description:
        "Events have waited for more than half an hour: Port is behind. Search the consumer's log for `outcome: retry` " +
        "and its reason: 401 = mend the credentials secret; 404 = run setup; 429, 5xx or no answer = Port or Bitbucket " +
        "are away, the queue drains by itself when they are back. Nothing is lost for 10 days.",
      metric: queueMetric("LiveQueue", "ApproximateAgeOfOldestMessage"),
      above: 30 * 60,
      period: 300,
    },
    {
      name: "backfill-age",
      description:
        "The backfill of a project is not done when the next resync is due: Bitbucket or Port are away or limit the " +
        "rate of calls, or there is more to do than fits. Search the backfill's log for the project; raise resyncRate " +
        "or backfillConcurrency if both sides are well.",
      metric: queueMetric("BackfillQueue", "ApproximateAgeOfOldestMessage"),
      above: resyncRate * 60,
      period: 300,
    },
  ];
}

function deadLetters(name: string, queue: string, description: string): Alarm {
  return {
    name: `${name}-dead-letters`,
    description,
    metric: queueMetric(queue, "ApproximateNumberOfMessagesVisible"),
    above: 0,
    period: 60,
  };
}

function queueMetric(queue: string, name: string): Metric {
  return {
    namespace: "AWS/SQS",
    name,
    statistic: "Maximum",
    dimensions: { QueueName: { "Fn::GetAtt": [queue, "QueueName"] } },
  };
}
