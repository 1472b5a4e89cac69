import type { Alarm } from "./alarms/alarm.ts";
import { deadLetterAlarms } from "./alarms/dead-letters.ts";
import { deliveryAlarms } from "./alarms/deliveries.ts";
import { findingAlarms } from "./alarms/findings.ts";
import { functionAlarms } from "./alarms/functions.ts";
import { missingResync } from "./alarms/missing-resync.ts";
import { alarmResource } from "./alarms/resource.ts";
import { waitingAlarms } from "./alarms/waiting.ts";
import type { Resolver } from "./parameters/resolver.ts";
import { capitalized, type Resource, readStack, type Stack, type TemplatePiece } from "./template.ts";

/** The alarms, each with what to do about it in its description; they tell the topic of `alarmTopicArn`. */
export async function alarms(resolver: Resolver): Promise<TemplatePiece> {
  return { Resources: allAlarms(await readStack(resolver)) };
}

/** The alarms by their logical ids. */
export function allAlarms(stack: Stack): Readonly<Record<string, Resource>> {
  const all = [
    ...deadLetterAlarms,
    ...waitingAlarms(stack),
    ...functionAlarms(),
    ...deliveryAlarms,
    ...findingAlarms(stack),
    ...(stack.schedule.state === "ENABLED" ? [missingResync(stack)] : []),
  ];
  return Object.fromEntries(
    all.map((alarm) => [logicalId(alarm), alarmResource(alarm, stack.prefix, stack.alarmTopicArn)]),
  );
}

/** `live-dead-letters` → `LiveDeadLettersAlarm`. */
function logicalId({ name }: Alarm): string {
  return `${name.split("-").map(capitalized).join("")}Alarm`;
}
