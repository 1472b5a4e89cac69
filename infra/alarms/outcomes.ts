import type { Alarm } from "./alarm.ts";
import { apiMetric, ownMetric } from "./metric.ts";

/** What became of deliveries and of resyncs. */
export function outcomeAlarms(): Alarm[] {
  return [
    {
      name: "webhook-5xx",
      description:
        "Deliveries were answered with 5xx: SQS or Secrets Manager did not answer the webhook, or it failed. Bitbucket " +
        "does not send them again. Search the webhook's log for status 503, then start a resync.",
      metric: apiMetric("AWS/ApiGateway", "5xx"),
      above: 0,
      period: 300,
    },
    {
      name: "webhook-api-throttled",
      description:
        "More came in than apiRateLimit lets through, and Bitbucket does not send again what was answered with 429. " +
        "Look in the access log at who sends: raise the limit and start a resync if it was Bitbucket.",
      metric: apiMetric("BitbucketPortSync/Api", "throttled"),
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
