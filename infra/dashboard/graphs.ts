import { type FunctionKey, functionKeys } from "../template.ts";
import { graph, type Line, type Rendering, type Widget } from "./widgets.ts";

/** Filled in by CloudFormation. */
const api = "$" + "{HttpApi}";

/** The graphs in the order in which they are read: what comes in, what becomes of it, what waits, what it costs. */
export function graphs(prefix: string): Widget[] {
  const own = (key: FunctionKey, name: string, rendering: Partial<Rendering> = {}) =>
    line(["BitbucketPortSync", name, "FunctionName", `${prefix}-${key}`], { label: name, ...rendering });
  const lambda = (name: string, stat: Rendering["stat"]) =>
    functionKeys.map((key) =>
      line(["AWS/Lambda", name, "FunctionName", `${prefix}-${key}`], { label: `${key} ${name}`, stat }),
    );
  const queue = (queueName: string, name: string, rendering: Partial<Rendering> & { label: string }) =>
    line(["AWS/SQS", name, "QueueName", `${prefix}-${queueName}`], { stat: "Maximum", ...rendering });
  const visible = (queueName: string, label: string) =>
    queue(queueName, "ApproximateNumberOfMessagesVisible", { label });
  const hidden = (queueName: string) =>
    queue(queueName, "ApproximateNumberOfMessagesNotVisible", { label: "in work, or put off" });
  const calls = (...names: string[]) =>
    (["consumer", "backfill", "resync"] as const).flatMap((key) =>
      names.map((name) => own(key, name, { label: `${key} ${name}` })),
    );

  return [
    graph("Deliveries", "deliveries", [
      ...["received", "queued", "ignored", "rejected"].map((name) => own("webhook", name)),
      line(["AWS/ApiGateway", "5xx", "ApiId", api], { label: "5xx" }),
      line(["BitbucketPortSync/Api", "throttled", "ApiId", api], { label: "throttled" }),
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
      visible("backfill", "waiting"),
      hidden("backfill"),
      queue("backfill", "NumberOfMessagesDeleted", { label: "done", stat: "Sum" }),
      visible("backfill-dead", "dead-lettered"),
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

function line(
  [namespace, metric, dimension, value]: readonly [string, string, string, string],
  rendering: Partial<Rendering> & { label: string },
): Line {
  return [namespace, metric, dimension, value, { stat: "Sum", ...rendering }];
}
