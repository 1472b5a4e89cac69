import { describeError, log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import type { Page } from "../bitbucket/client.ts";
import { textField } from "../bitbucket/objects.ts";
import { pagesFrom } from "../bitbucket/pages.ts";
import { listPersonalProjects } from "../bitbucket/personal-projects.ts";
import { isDenied, isForbidden } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { EntityKey } from "../port/entity.ts";
import { observeObject } from "../sync/observe.ts";
import { learnBases } from "./bases.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { reconcile } from "./reconcile.ts";
import { type Listed, reconcileListed } from "./reconcile-listed.ts";
import { sweepProjects } from "./sweep-projects.ts";
import { isWanted } from "./wanted.ts";

export interface ProjectsDone {
  /** The keys of the projects to go through. */
  readonly keys: readonly string[];
  /** Those of them that were renamed unheard, in lower case: their closed pull requests went with the old name. */
  readonly renamed: ReadonlySet<string>;
  /** Those of them that no listing shows. */
  readonly hidden: ReadonlySet<string>;
  readonly problems: Problems;
}

/**
 * Reconciles the project entities within the filter, and deletes those of projects that are gone, with all beneath.
 * Personal projects are not in Bitbucket's listing: they are looked at when the filter names them, or all are wanted.
 * @param first the first page of Bitbucket's projects, where it was just read
 * @throws RequestError when a listing does not complete
 */
export async function backfillProjects(context: BackfillContext, first?: Page): Promise<ProjectsDone> {
  const { bitbucket, counts, personalProjects } = context;
  const problems: Problems = [];
  const listed: Listed[] = [];
  for await (const { start, values } of pagesFrom(first, "projects", "GET projects", bitbucket)) {
    learnBases(values, context, "project");
    const page = values.map((object) => ({ object, path: "projects", operation: "GET projects", start }));
    listed.push(...page.filter(({ object }) => isWanted(keyOf(object), context)));
  }
  const own = personalProjects ? await listPersonalProjects(bitbucket) : [];
  learnBases(own, context, "project");
  const named = await readNamed([...listed.map(({ object }) => object), ...own], context);
  named.objects.push(...own);
  if (listed.length === 0 && named.objects.length === 0) await learnFromUsers(context);
  problems.push(...named.problems);

  counts.project.seen += listed.length + named.objects.length;
  context.progress?.("project", { known: listed.length + named.objects.length });
  const observe = (object: JsonObject, order: number) =>
    observeObject({ kind: "project", key: keyOf(object) }, object, { order, proof: "listed" });
  const reconciled = await reconcileListed(listed, keyOf, observe, context);
  const personal = await reconcile(
    named.objects.length,
    (order) => observe(named.objects[order] ?? {}, order),
    context,
  );
  problems.push(...reconciled.problems, ...personal.problems);

  // What has gone from the listing while we wrote is asked for with what was never on it.
  const shown = listed.map(({ object }) => object).filter((object) => !reconciled.vanished.includes(object));
  const objects = [...shown, ...named.objects];
  const nameOf = (key: string) => addressName({ kind: "project", key });
  const entities = new Map<EntityKey, string>([
    ...[...reconciled.keys]
      .filter(([, name]) => shown.some((object) => keyOf(object) === name))
      .map(([key, name]) => [key, nameOf(name)] as const),
    ...[...personal.keys].map(([key, index]) => [key, nameOf(keyOf(named.objects[index] ?? {}))] as const),
  ]);
  const swept = await sweepProjects(objects.map(keyOf), entities, context);
  problems.push(...swept.problems);
  // What was just found to be gone is settled; any other name is a mistake in the filter.
  const unknown = named.unknown.filter((key) => !swept.gone.has(key.toLowerCase()));
  problems.push(...unknown.map((key) => `project:${key}: not in Bitbucket`));
  // What Port has of it stays, and was named already.
  const missed = named.forbidden.filter((key) => !swept.asked.has(key.toLowerCase()));
  problems.push(...missed.map((key) => `project:${key}: not readable`));
  const { renamed, hidden } = swept;
  const keys = [...objects.map(keyOf), ...hidden];
  const files = await context.definitionFiles?.listedProjects(keys, (key) => isWanted(key, context));
  problems.push(...(files ?? []));
  return { keys, renamed, hidden: new Set(hidden), problems };
}

/** The last project is gone, and no other shows what links look like: people do. */
async function learnFromUsers(context: BackfillContext): Promise<void> {
  try {
    const { values } = await context.bitbucket.page("users", "GET users", 0);
    learnBases(values, context, "user");
  } catch (error) {
    if (!isDenied(error)) throw error;
    log("info", "users may not be listed, and no project is: links are not known", describeError(error));
  }
}

/** Projects that the filter names and no listing shows. */
async function readNamed(shown: readonly JsonObject[], context: BackfillContext) {
  const seen = new Set(shown.map((object) => keyOf(object).toLowerCase()));
  const wanted = new Map(context.projects.map((key) => [key.toLowerCase(), key]));
  const missing = [...wanted].flatMap(([name, key]) => (seen.has(name) ? [] : [key]));
  const objects: JsonObject[] = [];
  const unknown: string[] = [];
  const forbidden: string[] = [];
  const problems: Problems = [];
  for (const key of missing) {
    const answer = await context.bitbucket.find({ kind: "project", key });
    switch (answer.is) {
      case "here":
        objects.push(answer.object);
        learnBases([answer.object], context, "project");
        break;
      case "elsewhere":
      case "gone":
        unknown.push(key);
        break;
      case "unknown":
        log("warn", "project not readable", { project: key, ...describeError(answer.error) });
        if (isForbidden(answer.error)) forbidden.push(key);
        else problems.push(`project:${key}: not readable`);
    }
  }
  return { objects, unknown, forbidden, problems };
}

function keyOf(project: JsonObject): string {
  return textField(project, "key") ?? "";
}
