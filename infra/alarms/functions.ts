import { type FunctionKey, functionId, functionKeys } from "../template.ts";
import type { Alarm, Metric } from "./alarm.ts";

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
      above: 0,
      period: 300,
    },
    {
      name: `${key}-throttles`,
      description: doAboutThrottles[key],
      metric: lambdaMetric(key, "Throttles"),
      above: 0,
      period: 300,
    },
  ]);
}

/** What the functions themselves say about their work. */
export function outcomeAlarms(): Alarm[] {
  return [
    {
      name: "webhook-5xx",
      description:
        "Deliveries were answered with 5xx: SQS or Secrets Manager did not answer the webhook, or it failed. Bitbucket " +
        "does not send them again. Search the webhook's log for status 503, then start a resync.",
      metric: {
        namespace: "AWS/ApiGateway",
        name: "5xx",
        statistic: "Sum",
        dimensions: { ApiId: { Ref: "HttpApi" } },
      },
      above: 0,
      period: 300,
    },
    {
      name: "webhook-api-throttled",
      description:
        "More came in than apiRateLimit lets through, and Bitbucket does not send again what was answered with 429. " +
        "Look in the access log at who sends: raise the limit and start a resync if it was Bitbucket.",
      metric: {
        namespace: "BitbucketPortSync/Api",
        name: "throttled",
        statistic: "Sum",
        dimensions: { ApiId: { Ref: "HttpApi" } },
      },
      above: 0,
      period: 300,
    },
    {
      name: "webhook-rejected",
      description:
        "More than 20 deliveries in five minutes were refused. Search the webhook's log for the reason: `signature` = " +
        "Bitbucket signs with another secret (invoke setup with rotate), or it is not Bitbucket that sends (the access " +
        "log has the addresses). Start a resync when it was Bitbucket.",
      metric: ownMetric("webhook", "rejected"),
      above: 20,
      period: 300,
    },
    ...(["backfill", "resync"] as const).flatMap((key) => [
      {
        name: `${key}-withheld`,
        description:
          "Deletions were withheld, because too large a share of the catalog would have gone. Search the log for " +
          "`deletions withheld`; if Bitbucket really lost that much, start a resync with allowMassDelete.",
        metric: ownMetric(key, "withheld"),
        above: 0,
        period: 300,
      },
      {
        name: `${key}-problems`,
        description:
          "A run left something out: an object that Port refuses, or that the credentials may not see. Search the log for " +
          "`problems`, which names each, and mend the blueprint, the mapping or the permission. Nothing was deleted.",
        metric: ownMetric(key, "problems"),
        above: 0,
        period: 300,
      },
    ]),
  ];
}

function lambdaMetric(key: FunctionKey, name: string): Metric {
  return {
    namespace: "AWS/Lambda",
    name,
    statistic: "Sum",
    dimensions: { FunctionName: { Ref: functionId(key) } },
  };
}

function ownMetric(key: FunctionKey, name: string): Metric {
  return { ...lambdaMetric(key, name), namespace: "BitbucketPortSync" };
}
