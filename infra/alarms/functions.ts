import { type FunctionKey, functionKeys } from "../template.ts";
import type { Alarm } from "./alarm.ts";
import { lambdaMetric } from "./metric.ts";

const doAboutErrors: Readonly<Record<FunctionKey, string>> = {
  webhook:
    "Deliveries were lost: Bitbucket does not send them again. Search the webhook's log, mend the cause, start a resync.",
  consumer:
    "Batches of events could not even begin, or ran out of time. Search the consumer's log for `batch failed`: a " +
    "ConfigError names the settings to mend. The events stay in the queue.",
  backfill:
    "A backfill could not begin or was cut off. Search the backfill's log for `backfill failed`: a ConfigError names " +
    "the settings to mend. The project stays in the queue.",
  resync:
    "A resync failed; Lambda tries it twice more. Search the resync's log: a ConfigError names the settings to mend, a " +
    "RequestError the side that did not answer.",
  setup:
    "A setup failed: what it answered to whoever invoked it says what to mend. Mend it and invoke it again.",
};

const doAboutThrottles: Readonly<Record<FunctionKey, string>> = {
  webhook:
    "Lambda had no room for deliveries, so events were lost. Raise webhookReservedConcurrency or the account's limit " +
    "of concurrent executions, then start a resync.",
  consumer:
    "Lambda has no room for the consumer, and events wait. Raise the account's limit of concurrent executions, or " +
    "lower consumerConcurrency.",
  backfill:
    "Lambda has no room for the backfill, and projects wait. Raise the account's limit of concurrent executions, or " +
    "lower backfillConcurrency.",
  resync:
    "Lambda had no room for the resync; it tries again. Raise the account's limit of concurrent executions.",
  setup:
    "Lambda had no room for the setup. Raise the account's limit of concurrent executions, and invoke it again.",
};

/** Errors and throttles of every function. */
export function functionAlarms(): Alarm[] {
  return functionKeys.flatMap((key) => [
    {
      name: `${key}-errors`,
      description: doAboutErrors[key],
      metric: lambdaMetric(key, "Errors"),
      when: { above: 0 },
      period: 300,
    },
    {
      name: `${key}-throttles`,
      description: doAboutThrottles[key],
      metric: lambdaMetric(key, "Throttles"),
      when: { above: 0 },
      period: 300,
    },
  ]);
}
