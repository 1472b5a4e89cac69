import type { Alarm } from "./alarm.ts";
import { apiMetric, ownMetric } from "./metric.ts";

/** What became of deliveries. */
export const deliveryAlarms: readonly Alarm[] = [
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
