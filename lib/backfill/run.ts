import { describeError, log } from "../aws/log.ts";
import type { Page } from "../bitbucket/client.ts";
import { explain } from "../diagnosis/explain.ts";
import { makeContact } from "../diagnosis/first-contact.ts";
import { ConfigError, isOutOfTime, RequestError } from "../errors.ts";
import { createGate } from "../http/gate.ts";
import { alike } from "./alike.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { notePersonalProjects } from "./personal-note.ts";
import { backfillProject, projectStart } from "./project.ts";
import { backfillProjects } from "./projects.ts";
import { backfillRepository } from "./repository.ts";
import { type ListedUsers, sweepUsers } from "./sweep-users.ts";
import { backfillUsers } from "./users.ts";
import { isWanted } from "./wanted.ts";

/** Projects that are worked on at the same time; calls are bounded by the clients. */
const projectsTogether = 8;

/**
 * A whole backfill in one process: users, projects, then each project's repositories and pull requests. A part that
 * fails is named and costs the others nothing. Nothing is begun where nothing can be done with a side.
 * @param stop ends it after what is under way
 */
export async function runBackfill(context: BackfillContext, stop?: AbortSignal): Promise<Problems> {
  context.notes.push(...context.mapper.notes);
  const problems: Problems = [];
  const part = async (name: string, work: () => Promise<Problems>) => {
    if (stop?.aborted) return;
    try {
      problems.push(...(await work()));
    } catch (error) {
      if (stop?.aborted && isOutOfTime(error)) return;
      log("error", "part of the backfill failed", { part: name, ...describeError(error) });
      problems.push(`${name}: ${inWords(error, context)}`);
    }
  };

  let firstProjects: Page | undefined;
  try {
    if (!stop?.aborted) firstProjects = await makeContact("The backfill cannot begin", context, context.tell);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults];
    // Each part finds that out, too.
    if (!isOutOfTime(error)) throw error;
  }
  let keys: readonly string[] = [];
  let renamed: ReadonlySet<string> = new Set();
  let users: ListedUsers | undefined;
  await Promise.all([
    part("users", async () => {
      const done = await backfillUsers(context);
      users = done.shown;
      return done.problems;
    }),
    part("projects", async () => {
      const done = await backfillProjects(context, firstProjects);
      keys = done.keys;
      renamed = done.renamed;
      await notePersonalProjects(keys, context);
      return done.problems;
    }),
  ]);
  const gate = createGate(projectsTogether);
  await Promise.all(
    keys.map((key) =>
      gate(() =>
        part(`project:${key}`, async () => {
          const own = renamed.has(key.toLowerCase()) ? { ...context, state: "ALL" as const } : context;
          const done = await backfillProject(key, projectStart, own);
          const found: Problems = [];
          for (const moved of done.moved.filter((address) => isWanted(address.key, context))) {
            found.push(...(await backfillRepository(moved, { ...context, state: "ALL" })));
          }
          context.progress?.("project", { done: 1 });
          return [...done.problems, ...found];
        }),
      ),
    ),
  );
  // After the pull requests: by now they name people by what they are called today.
  const shown = users;
  if (shown !== undefined) await part("gone users", () => sweepUsers(shown, context));
  const { definitionFiles: files } = context;
  if (files !== undefined) await part("gone definitions", () => files.sweep(context));
  context.notes.push(...context.mappingFaults.take());
  if (stop?.aborted) problems.push("stopped before the end");
  return alike(problems);
}

function inWords(error: unknown, context: BackfillContext): string {
  if (error instanceof RequestError) return explain(error, context);
  return error instanceof Error ? error.message : "failed";
}
