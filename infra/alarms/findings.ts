import type { Stack } from "../template.ts";
import { type Alarm, hour } from "./alarm.ts";
import { ownMetric } from "./metric.ts";

/** What a run finds, the next one finds again: so these go on until a run finds nothing. */
export function findingAlarms({ resyncRate }: Stack): Alarm[] {
  const untilNextRun = {
    period: hour.seconds,
    periods: Math.ceil(resyncRate / hour.minutes) + 1,
    inPeriods: 1,
  };
  return [
    ...(["backfill", "resync"] as const).flatMap((key) => [
      {
        name: `${key}-withheld`,
        description:
          "Deletions were withheld, because too large a share of the catalog would have gone. Search the log for " +
          "`deletions withheld`; if Bitbucket really lost that much, start a resync with allowMassDelete.",
        metric: ownMetric(key, "withheld"),
        when: { above: 0 },
        ...untilNextRun,
      },
      {
        name: `${key}-problems`,
        description:
          "A run left something out: an object that Port refuses, or that Bitbucket does not show. Search the log for " +
          "`problems`, which names each, and mend the blueprint, the mapping or the permission. Nothing was deleted.",
        metric: ownMetric(key, "problems"),
        when: { above: 0 },
        ...untilNextRun,
      },
    ]),
    {
      name: "backfill-webhooks",
      description:
        "A project has no webhook as it should be, and its events do not come in. Search the backfill's log for " +
        "`webhook not in place`, mend what it says (mostly PROJECT_ADMIN is missing) and invoke setup.",
      metric: ownMetric("backfill", "webhooksFailed"),
      when: { above: 0 },
      ...untilNextRun,
    },
  ];
}
