import { createLines } from "./lines.ts";
import { graph, type Widget } from "./widgets.ts";

/** The graphs in the order in which they are read: what comes in, what becomes of it, what waits, what it costs. */
export function graphs(prefix: string): Widget[] {
  const { own, lambda, queue, visible, hidden, calls, api } = createLines(prefix);
  return [
    graph("Deliveries", "deliveries", [
      ...["received", "queued", "ignored", "rejected"].map((name) => own("webhook", name)),
      api("AWS/ApiGateway", "5xx"),
      api("BitbucketPortSync/Api", "throttled"),
    ]),
    graph(
      "Events by outcome",
      "entities; messages",
      ["upserted", "unchanged", "older", "deleted", "retried", "deadLettered"].map((name) =>
        own("consumer", name),
      ),
    ),
    graph("Lag from Bitbucket to Port", "ms", [
      ...(["p50", "p90", "p99", "Maximum"] as const).map((stat) =>
        own("consumer", "lag", { stat, label: stat }),
      ),
      own("consumer", "waited", { stat: "Maximum", label: "still waiting" }),
    ]),
    graph("Live queue", "messages", [
      visible("live.fifo", "waiting"),
      hidden("live.fifo"),
      visible("live-dead.fifo", "dead-lettered"),
      queue("live.fifo", "ApproximateAgeOfOldestMessage", { label: "age of the oldest, s", yAxis: "right" }),
    ]),
    graph("Backfill: projects", "messages", [
      visible("backfill.fifo", "waiting"),
      hidden("backfill.fifo"),
      queue("backfill.fifo", "NumberOfMessagesDeleted", { label: "done", stat: "Sum" }),
      visible("backfill-dead.fifo", "dead-lettered"),
      visible("resync-dead", "resyncs that failed"),
    ]),
    graph(
      "Backfill: entities",
      "entities",
      ["upserted", "unchanged", "older", "deleted", "withheld", "failed", "problems", "webhooksFailed"].map(
        (name) => own("backfill", name),
      ),
    ),
    graph("Calls to Port", "calls; answers of 429", calls("portCalls", "portThrottled")),
    graph("Calls to Bitbucket", "calls; answers of 429", calls("bitbucketCalls", "bitbucketThrottled")),
    graph("Duration of functions", "ms, p99", lambda("Duration", "p99")),
    graph("Errors and throttles", "invocations", [...lambda("Errors", "Sum"), ...lambda("Throttles", "Sum")]),
  ];
}
