import { allAlarms } from "./alarms.ts";
import { graphs } from "./dashboard/graphs.ts";
import { alarmStates, text } from "./dashboard/widgets.ts";
import type { Resolver } from "./parameters/resolver.ts";
import { readStack, type TemplatePiece } from "./template.ts";

/** The dashboard, read from the top: whether all is well, then the graphs. */
export async function dashboard(resolver: Resolver): Promise<TemplatePiece> {
  const stack = await readStack(resolver);
  const alarms = Object.keys(allAlarms(stack)).map((id) => `\${${id}.Arn}`);
  const widgets = [text(introduction), alarmStates("Alarms", alarms), ...graphs(stack.prefix)];
  return {
    Resources: {
      Dashboard: {
        Type: "AWS::CloudWatch::Dashboard",
        Properties: {
          DashboardName: stack.prefix,
          DashboardBody: { "Fn::Sub": JSON.stringify({ widgets }) },
        },
      },
    },
  };
}

const introduction = [
  "# From Bitbucket to Port",
  "**Events** come in by the webhook, wait in `live.fifo`, and end as one of: *upserted*, *unchanged* (Port had it),",
  "*older* (Port had something newer), *deleted*, *deadLettered*. *Retried* ones wait for Port or Bitbucket.",
  "",
  "**Lag** is the time from Bitbucket's event to Port. Messages of the **backfill** are projects.",
  "",
  "What to do about an alarm stands in its description, and at length in OPERATIONS.md.",
].join("\n");
