import type { Stack } from "../template.ts";
import { type Alarm, hour } from "./alarm.ts";
import { lambdaMetric } from "./metric.ts";

/**
 * Runs that do not happen: in every hour of twice the interval, no invocation that was without an error. Hours without
 * any are not measured. An alarm can look back on a week.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function missingResync({ resyncRate }: Stack): Alarm {
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
