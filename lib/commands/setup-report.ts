import type { SetupSummary } from "../setup/summary.ts";

/** Failures that a summary names. */
const named = 50;

/** A setup's summary for a terminal. */
export function setupText({ blueprints, webhooks }: SetupSummary, dryRun: boolean, remove: boolean): string {
  const { conflicts } = blueprints;
  const { level, failed } = webhooks;
  const inPort = `${blueprints.created} created, ${blueprints.extended} extended, ${blueprints.unchanged} unchanged`;
  const inBitbucket = [
    `${webhooks.created} created`,
    `${webhooks.updated} updated`,
    `${webhooks.removed} removed`,
    `${webhooks.unchanged} unchanged`,
  ].join(", ");
  return [
    ...(remove ? [] : [`blueprints in Port: ${inPort}`]),
    ...(level === null ? [] : [`webhooks in Bitbucket, one per ${level}: ${inBitbucket}`]),
    ...(dryRun ? ["Nothing was written: this is what would be."] : []),
    ...conflicts.map((conflict) => `? ${conflict}: left, but what does not fit it will be refused`),
    ...failed.slice(0, named).map((failure) => `! ${failure}`),
    ...(failed.length > named ? [`! and ${failed.length - named} more`] : []),
    "",
  ].join("\n");
}
