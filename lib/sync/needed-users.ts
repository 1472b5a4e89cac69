import type { SyncContext } from "./context.ts";
import { effective } from "./decide-group.ts";
import type { PlanInput } from "./plan-input.ts";

/**
 * The plan without the people whom only events name of which nothing is written: such an event may be of long ago, and
 * know them by an address that they do not have any more. What Bitbucket shows now brings its own people along.
 */
export function withoutUnneededUsers(input: PlanInput, context: SyncContext): PlanInput {
  const active = new Set<number>();
  for (const group of input.groups) {
    const { intent, version } = group.best;
    const isHeard = version.proof === "event" || version.proof === "word";
    if (intent === "ensure" || !isHeard) continue;
    const { decision } = effective(group, input, context);
    const isWritten = decision === "create" || decision === "update";
    if (isWritten) for (const source of group.best.sources) active.add(source);
  }
  const groups = input.groups.filter(({ best }) => {
    const isHearsay = best.kind === "user" && best.version.proof === "event" && best.intent === "ensure";
    return !isHearsay || best.sources.some((source) => active.has(source));
  });
  return { ...input, groups };
}
