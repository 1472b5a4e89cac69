import { type FunctionKey, functionKeys } from "../template.ts";
import type { Line, Rendering } from "./widgets.ts";

/** Filled in by CloudFormation. */
const api = "$" + "{HttpApi}";

/** Makes the lines that a stack's graphs consist of. @param prefix what the names of its functions and queues begin with */
export function createLines(prefix: string) {
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

  return { own, lambda, queue, visible, hidden, calls, api: apiLine };
}

/** A metric of the HTTP API. */
function apiLine(namespace: string, name: string): Line {
  return line([namespace, name, "ApiId", api], { label: name });
}

function line(
  [namespace, metric, dimension, value]: readonly [string, string, string, string],
  rendering: Partial<Rendering> & { label: string },
): Line {
  return [namespace, metric, dimension, value, { stat: "Sum", ...rendering }];
}
