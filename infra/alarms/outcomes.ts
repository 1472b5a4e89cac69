import type { Stack } from "../template.ts";
import type { Alarm } from "./alarm.ts";
import { apiMetric, lambdaMetric, ownMetric } from "./metric.ts";

/** What became of deliveries and of resyncs. */
export function outcomeAlarms(stack: Stack): Alarm[] {
  return [
    ...deliveryAlarms,
    ...standingAlarms(stack),
    ...(stack.schedule.state === "ENABLED" ? [missing(stack)] : []),
  ];
}

const deliveryAlarms: readonly Alarm[] = [
  {
    name: "webhook-5xx",
    description:
      "Deliveries were answered with 5xx: SQS or Secrets Manager did not answer the webhook, it failed, or Lambda had no " +
      "room for it. Bitbucket does not send them again. Search the webhook's log for status 503, look at " +
      "webhook-throttles and webhook-errors, then start a resync.",
    metric: apiMetric("AWS/ApiGateway", "5xx"),
    when: { above: 0 },
    period: 300,
  },
  {
    name: "webhook-api-throttled",
    description:
      "More came in than apiRateLimit lets through, and Bitbucket does not send again what was answered with 429. " +
      "Look in the access log at who sends: raise the limit and start a resync if it was Bitbucket.",
    metric: apiMetric("BitbucketPortSync/Api", "throttled"),
    when: { above: 0 },
    period: 300,
  },
  {
    name: "webhook-rejected",
    description:
      "More than 20 deliveries in five minutes were refused. Search the webhook's log for the reason: `signature` = " +
      "Bitbucket signs with another secret (invoke setup with rotate), or it is not Bitbucket that sends (the access " +
      "log has the addresses). Start a resync when it was Bitbucket.",
    metric: ownMetric("webhook", "rejected"),
    when: { above: 20 },
    period: 300,
  },
  {
    name: "webhook-accepts-nothing",
    description:
      "Every delivery of the last hour was refused, three at the least: no event comes in any more. Search the webhook's " +
      "log for the reason: `signature` = Bitbucket signs with another secret (invoke setup with rotate), or a proxy " +
      "changes the body. Then start a resync.",
    metric: {
      label: "Nothing was accepted",
      expression: "IF(rejected >= 3 AND rejected == received, 1, 0)",
      of: { rejected: ownMetric("webhook", "rejected"), received: ownMetric("webhook", "received") },
    },
    when: { above: 0 },
    period: 3600,
  },
];

const hour = { minutes: 60, seconds: 3600 };

/** What a run finds, the next one finds again: so these go on until a run finds nothing. */
function standingAlarms({ resyncRate }: Stack): Alarm[] {
  const untilNextRun = {
    period: hour.seconds,
    periods: Math.ceil(resyncRate / hour.minutes) + 1,
    inPeriods: 1,
  };
  return [
    ...(["backfill", "resync"] as const).flatMap((key) => [
      {
        name: `${key}-withheld`,
        description:
          "Deletions were withheld, because too large a share of the catalog would have gone. Search the log for " +
          "`deletions withheld`; if Bitbucket really lost that much, start a resync with allowMassDelete.",
        metric: ownMetric(key, "withheld"),
        when: { above: 0 },
        ...untilNextRun,
      },
      {
        name: `${key}-problems`,
        description:
          "A run left something out: an object that Port refuses, or that the credentials may not see. Search the log for " +
          "`problems`, which names each, and mend the blueprint, the mapping or the permission. Nothing was deleted.",
        metric: ownMetric(key, "problems"),
        when: { above: 0 },
        ...untilNextRun,
      },
    ]),
    {
      name: "backfill-webhooks",
      description:
        "A project has no webhook as it should be, and its events do not come in. Search the backfill's log for " +
        "`webhook not in place`, mend what it says (mostly PROJECT_ADMIN is missing) and invoke setup.",
      metric: ownMetric("backfill", "webhooksFailed"),
      when: { above: 0 },
      ...untilNextRun,
    },
  ];
}

/**
 * Runs that do not happen: in every hour of twice the interval, no invocation that was without an error. Hours without
 * any are not measured. An alarm can look back on a week.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function missing({ resyncRate }: Stack): Alarm {
  return {
    name: "resync-missing",
    description:
      "No resync has ended well within twice its interval. Is the schedule on (EventBridge Scheduler)? Search the " +
      "resync's log and look into resync-dead; mend the cause and start one by hand (osls invoke -f resync).",
    metric: {
      label: "Runs that ended well",
      expression: "invocations - errors",
      of: { invocations: lambdaMetric("resync", "Invocations"), errors: lambdaMetric("resync", "Errors") },
    },
    when: { below: 1 },
    period: hour.seconds,
    periods: Math.ceil((2 * resyncRate) / hour.minutes),
    nothing: "alarming",
  };
}
