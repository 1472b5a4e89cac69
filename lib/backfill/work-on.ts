import type { BackfillMessage } from "../queue/backfill-message.ts";
import type { Queue } from "../queue/queue.ts";
import { carry, restore } from "./carry.ts";
import type { BackfillContext, Worked } from "./context.ts";
import { backfillProject, projectStart } from "./project.ts";
import { backfillRepository } from "./repository.ts";
import { isWanted } from "./wanted.ts";
import { workOnDefinitions } from "./work-definitions.ts";
import { workOnUsers } from "./work-users.ts";

/** From this delivery on a message's work is done in the smallest pieces: it may be that its time does not suffice. */
const carefulFrom = 4;
/** From this delivery on what fails of a single repository is named instead of tried again: the next resync tries it. */
const brokenFrom = 8;

export interface Delivery {
  /** When the work was asked for, epoch ms. */
  readonly since: number;
  /** How often the message came, this time included. */
  readonly deliveries: number;
}

/** Does what a message asks for. */
export async function workOn(
  message: BackfillMessage,
  { since, deliveries }: Delivery,
  queue: Queue,
  context: BackfillContext,
): Promise<Worked> {
  if ("definitions" in message) return workOnDefinitions(message.definitions, since, context);
  const { allowMassDelete = false, deleteSuperseded = false } = message;
  if ("users" in message) {
    return workOnUsers(message, since, queue, { ...context, allowMassDelete, deleteSuperseded });
  }
  const { project, repository, state, work, runId } = message;
  const careful = message.careful ?? deliveries >= carefulFrom;
  const own: BackfillContext = {
    ...context,
    state: state ?? context.state,
    allowMassDelete,
    deleteSuperseded,
    isBroken: deliveries >= brokenFrom,
    ...(careful && { repositoriesTogether: 1 }),
  };
  if (repository !== undefined) {
    const address = { kind: "repository", key: project, slug: repository } as const;
    return { problems: await backfillRepository(address, own), more: [] };
  }
  // Once for each project of a resync; a rename's backfill has no run, and a continuation is not the start. Beside the rest,
  // as a project's repositories may be too many for one invocation.
  const isFirst = runId !== undefined && work === undefined && !message.unlisted;
  const kept = isFirst ? context.keepWebhook?.(project) : undefined;
  const start = work === undefined ? projectStart : { ...work, gone: restore(work.gone, context) };
  const { problems, putOff, moved, next } = await backfillProject(project, start, own).finally(() => kept);
  const elsewhere = moved
    .filter(({ key }) => isWanted(key, context))
    .map(({ key, slug }) => ({ runId, project: key, repository: slug, state: "ALL" as const }));
  if (next === undefined && work === undefined) {
    // All of it fits one invocation: the message comes again as a whole.
    for (const { retryAfterMs } of putOff) context.onRetry?.(retryAfterMs);
    return { problems, more: elsewhere };
  }
  const later = { runId, project, state, startedAt: since };
  const repositories = putOff.map(({ slug }) => ({ ...later, repository: slug }));
  if (next === undefined) return { problems, more: [...repositories, ...elsewhere] };
  const rest = { ...message, startedAt: since, work: carry(next), ...(careful && { careful }) };
  return { problems, more: [rest, ...repositories] };
}
