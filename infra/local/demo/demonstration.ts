import type { Stack } from "../stack.ts";
import { showBackfill } from "./backfill.ts";
import { showDefinitions, showLeaving } from "./definitions.ts";
import { postSample, sampleEntity } from "./sample.ts";

/** Sends the sample event and resyncs, only where nobody else is concerned: nothing is sent when a side is real. */
export async function demonstrate(stack: Stack): Promise<void> {
  if (stack.port === undefined || stack.bitbucket === undefined || stack.secret === undefined) return;
  const answer = await postSample(stack);
  const entity = await sampleEntity(stack.port);
  if (entity === undefined) console.error(`The sample event, answered with ${answer}, became no entity`);
  else console.log(JSON.stringify(entity, undefined, 2));
  await showBackfill(stack, stack.port);
  const { isGitops } = stack.settings;
  if (isGitops) await showDefinitions(stack, stack.bitbucket, stack.port);
  console.log(
    "Send the sample again, or an event of your own: npm run replay -- infra/local/sample-event.json",
  );
  if (isGitops) await showLeaving(stack.port);
}
