import { describeError, log } from "../aws/log.ts";
import { type Address, addressName, parseLink } from "../bitbucket/address.ts";
import { bareObject, textField } from "../bitbucket/objects.ts";
import { isOutOfTime } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { observeObject } from "../sync/observe.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { reconcile } from "./reconcile.ts";
import { type Listed, reconcileListed } from "./reconcile-listed.ts";
import { entitiesOf, pullRequestsOf, repositoriesOf } from "./scopes.ts";
import { addressesIn, deleteGone, pullRequestsBeneath, sizeOf } from "./sweep.ts";
import { basesOf, type GoneEntity, resolveUnlisted, sortUnlisted } from "./unlisted.ts";

export interface ProjectsDone {
  /** The keys of the projects to go through. */
  readonly keys: readonly string[];
  readonly problems: Problems;
}

/**
 * Reconciles the project entities within the filter, and deletes those of projects that are gone, with all beneath.
 * Personal projects are not in Bitbucket's listing: they are looked at when the filter names them.
 * @throws RequestError when the listing does not complete
 */
export async function backfillProjects(context: BackfillContext): Promise<ProjectsDone> {
  const { bitbucket, counts, projects: filter } = context;
  const problems: Problems = [];
  const listed: Listed[] = [];
  for await (const { start, values } of bitbucket.pages("projects", "GET projects")) {
    const page = values.map((object) => ({ object, path: "projects", operation: "GET projects", start }));
    listed.push(...page.filter(({ object }) => isWanted(keyOf(object), filter)));
  }
  const named = await readNamed(listed, context);
  problems.push(...named.problems);

  counts.project.seen += listed.length + named.objects.length;
  context.progress?.("project", { known: listed.length + named.objects.length });
  const own = (object: JsonObject, order: number) =>
    observeObject({ kind: "project", key: keyOf(object) }, object, { order });
  problems.push(...(await reconcileListed(listed, keyOf, own, context)).problems);
  const personal = await reconcile(
    named.objects.length,
    (order) => own(named.objects[order] ?? {}, order),
    context,
  );
  problems.push(...personal.problems);

  const objects = [...listed.map(({ object }) => object), ...named.objects];
  const swept = await sweepProjects(objects, context);
  problems.push(...swept.problems);
  // What was just found to be gone is settled; any other name is a mistake in the filter.
  const settled = new Set(swept.gone.map(({ address }) => address.key.toLowerCase()));
  const unknown = named.unknown.filter((key) => !settled.has(key.toLowerCase()));
  problems.push(...unknown.map((key) => `project:${key}: not in Bitbucket`));
  return { keys: objects.map(keyOf), problems };
}

/** Projects that the filter names and the listing does not show. */
async function readNamed(listed: readonly Listed[], context: BackfillContext) {
  const seen = new Set(listed.map(({ object }) => keyOf(object).toLowerCase()));
  const wanted = new Map(context.projects.map((key) => [key.toLowerCase(), key]));
  const missing = [...wanted].flatMap(([name, key]) => (seen.has(name) ? [] : [key]));
  const objects: JsonObject[] = [];
  const unknown: string[] = [];
  const problems: Problems = [];
  for (const key of missing) {
    try {
      const object = await context.bitbucket.object({ kind: "project", key });
      if (object === undefined) unknown.push(key);
      else objects.push(object);
    } catch (error) {
      if (isOutOfTime(error)) throw error;
      log("warn", "project not readable", { project: key, ...describeError(error) });
      problems.push(`project:${key}: not readable`);
    }
  }
  return { objects, unknown, problems };
}

/** Deletes what is left in Port of projects that Bitbucket says are gone. */
async function sweepProjects(
  objects: readonly JsonObject[],
  context: BackfillContext,
): Promise<{ problems: Problems; gone: readonly GoneEntity[] }> {
  const listed = new Set(objects.map((object) => addressName({ kind: "project", key: keyOf(object) })));
  const scopes = await entitiesOf("project", bareObject({ kind: "project", key: "-" }), context);
  const unlisted: GoneEntity[] = [];
  for (const { entities, roles } of scopes) {
    const found = sortUnlisted(
      entities,
      "project",
      roles,
      basesOf(objects, context),
      (address) => listed.has(addressName(address)),
      (address) => address.kind === "project" && isWanted(address.key, context.projects),
      context,
    );
    unlisted.push(...found.unlisted);
    context.counts.project.left += found.left;
  }
  const { gone, problems } = await resolveUnlisted(unlisted, context);
  if (gone.length === 0) return { problems, gone };

  const repositories = await repositoriesBeneath(gone, context);
  const all = [...gone, ...repositories, ...(await pullRequestsBeneath(repositories, context))];
  const total = async () => {
    const keys = scopes.flatMap(({ entities, roles }) =>
      projectKeys(
        entities.map((it) => linkOf(it, roles)),
        context,
      ),
    );
    const inProjects = await repositoriesOf(keys, context);
    const inRepositories = await pullRequestsOf(addressesIn(inProjects), context, "ALL");
    return keys.length + sizeOf(inProjects) + sizeOf(inRepositories);
  };
  return { problems: [...problems, ...(await deleteGone("projects", all, total, context))], gone };
}

async function repositoriesBeneath(
  gone: readonly GoneEntity[],
  context: BackfillContext,
): Promise<GoneEntity[]> {
  const keys = gone.map(({ address }) => address.key);
  const beneath: GoneEntity[] = [];
  for (const { entities, roles } of await repositoriesOf(keys, context)) {
    const inGone = (address: Address) => keys.some((key) => key.toLowerCase() === address.key.toLowerCase());
    const bases = new Set(gone.map(({ base }) => base));
    const found = sortUnlisted(entities, "repository", roles, bases, () => false, inGone, context);
    beneath.push(...found.unlisted);
    context.counts.repository.left += found.left;
  }
  return beneath;
}

function projectKeys(
  links: readonly (string | undefined)[],
  { projects }: Pick<BackfillContext, "projects">,
): string[] {
  const keys = links.flatMap((link) => {
    const address = parseLink(link)?.address;
    return address?.kind === "project" && isWanted(address.key, projects) ? [address.key] : [];
  });
  return [...new Set(keys)];
}

function isWanted(key: string, filter: readonly string[]): boolean {
  return filter.length === 0 || filter.some((wanted) => wanted.toLowerCase() === key.toLowerCase());
}

function keyOf(project: JsonObject): string {
  return textField(project, "key") ?? "";
}
