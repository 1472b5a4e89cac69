import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { log } from "../aws/log.ts";
import { pullRequestStates } from "../config/config.ts";
import { advised } from "../diagnosis/explain.ts";
import { makeContact } from "../diagnosis/first-contact.ts";
import { ConfigError } from "../errors.ts";
import { type BackfillMessage, outgoingBackfill } from "../queue/backfill-message.ts";
import type { Backlog } from "../queue/backlog.ts";
import type { Queue } from "../queue/queue.ts";
import type { KindCounts } from "../sync/counts.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { emitCounts } from "./emit-counts.ts";
import { backfillProjects } from "./projects.ts";
import { dropSuperfluous, takeOver } from "./take-over.ts";

/** What a resync can be asked for; everything is optional. */
const key = z.string("is not a project key").check(z.regex(/\S/, "is not a project key"));
const requestSchema = z.strictObject(
  {
    projects: z.optional(z.array(key, "is not a list of project keys").check(z.minLength(1, "names none"))),
    state: z.optional(z.enum(pullRequestStates, `is none of ${pullRequestStates.join(", ")}`)),
    allowMassDelete: z.optional(z.boolean("is neither true nor false")),
    deleteSuperseded: z.optional(z.boolean("is neither true nor false")),
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `has unknown fields: ${issue.keys.join(", ")}`
        : "is not an object",
  },
);

export interface ResyncAnswer {
  readonly runId: string;
  /** Projects that a message was sent for. */
  readonly projects: number;
  /** Messages sent: one for each project, and one for the users. */
  readonly messages: number;
  /** What became of the project entities themselves. */
  readonly project: KindCounts;
  readonly problems: Problems;
  /** What an operator should know and need not mend. */
  readonly notes: readonly string[];
}

/**
 * Reconciles the project entities and sends one message for each project, and one for the users; in place of those of
 * older runs that nobody has begun with.
 * @param request `{projects, state, allowMassDelete, deleteSuperseded}`, e.g. `{"projects": ["MOPP"], "state": "ALL"}`
 * @throws ConfigError naming every fault of the request, or with what is wrong with a side and what to do about it;
 * RequestError when the projects cannot be listed for now
 */
export async function resync(
  request: unknown,
  queue: Queue & Backlog,
  context: BackfillContext,
): Promise<ResyncAnswer> {
  const parsed = requestSchema.safeParse(request ?? {});
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "the input"} ${issue.message}`,
    );
    throw new ConfigError("This is not what a resync can be asked for", faults);
  }
  const { projects = context.projects, state = context.state } = parsed.data;
  // Who names projects wants these and no others.
  const personalProjects = context.personalProjects && parsed.data.projects === undefined;
  const { allowMassDelete = false, deleteSuperseded = false } = parsed.data;
  const superseded = deleteSuperseded ? { deleteSuperseded } : {};
  const runId = randomUUID();
  const own = { ...context, projects, personalProjects, state, allowMassDelete, deleteSuperseded };
  context.notes.push(...context.mapper.notes);
  const firstProjects = await makeContact("The resync cannot begin", context, context.tell);
  const { keys, renamed, hidden, problems } = await backfillProjects(own, firstProjects).catch(
    (error: unknown) => {
      throw advised(error, context);
    },
  );
  const messages: BackfillMessage[] = [
    { runId, users: true, allowMassDelete, ...superseded },
    ...keys.map((project) => ({
      runId,
      project,
      state: renamed.has(project.toLowerCase()) ? ("ALL" as const) : state,
      allowMassDelete,
      ...superseded,
      ...(hidden.has(project) ? { unlisted: true } : {}),
    })),
  ];
  const taken = await takeOver(messages, context.state, queue);
  await queue.sendAll(taken.messages.map(outgoingBackfill));
  await dropSuperfluous(taken.superfluous, queue);
  log(problems.length === 0 ? "info" : "error", "resync sent", {
    runId,
    projects: keys.length,
    takenOver: taken.superfluous.length,
    problems,
    notes: context.notes,
  });
  emitCounts(context, { problems: problems.length });
  return {
    runId,
    projects: keys.length,
    messages: messages.length,
    project: context.counts.project,
    problems,
    notes: context.notes,
  };
}
