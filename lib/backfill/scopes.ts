import { addressName, parseLink, type RepositoryAddress, within } from "../bitbucket/address.ts";
import { bareObject, type Kind } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import type { Roles } from "../mapping/traits.ts";
import type { Entity } from "../port/entity.ts";
import { dependingOn, everything } from "../port/query.ts";
import { mapAll, mapOne, toEntity } from "../sync/map.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import { relatesTo } from "../sync/relations.ts";
import type { BackfillContext } from "./context.ts";
import { type GoneEntity, sortUnlisted } from "./unlisted.ts";

/** Identifiers that one search looks for dependents of. */
const targetsPerSearch = 100;

type ScopeContext = Pick<BackfillContext, "mapper" | "port" | "targetOf">;

/** Entities of one blueprint, with what tells what they stand for. */
export interface Scope {
  readonly roles: Roles;
  readonly entities: readonly Entity[];
}

/** Pull requests of these repositories that Port has, in the wanted state, and the listing does not. */
export async function findUnlistedPullRequests(
  repositories: readonly RepositoryAddress[],
  bases: ReadonlySet<string>,
  listed: ReadonlySet<string>,
  context: BackfillContext,
): Promise<{ unlisted: GoneEntity[]; left: number }> {
  const unlisted: GoneEntity[] = [];
  let left = 0;
  const isShown = (entity: Entity, roles: Roles) => {
    const link = parseLink(linkOf(entity, roles));
    return link !== undefined && bases.has(link.base) && listed.has(addressName(link.address));
  };
  for (const scope of await pullRequestsOf(repositories, context, context.state, isShown)) {
    const found = sortUnlisted(
      scope.entities,
      "pull-request",
      scope.roles,
      bases,
      () => false,
      (address) => repositories.some((repository) => within(repository, address)),
      context,
    );
    unlisted.push(...found.unlisted);
    left += found.left;
  }
  return { unlisted, left };
}

/**
 * The pull request entities that relate to these repositories.
 * @param state only those that Port shows in this state, where the mapping has a state; ALL = whatever state
 * @param skip tells the entities that are not wanted, so that they need not be kept until all are read
 */
export async function pullRequestsOf(
  repositories: readonly RepositoryAddress[],
  context: ScopeContext,
  state: BackfillContext["state"],
  skip?: (entity: Entity, roles: Roles) => boolean,
): Promise<Scope[]> {
  const [sample] = repositories;
  if (sample === undefined) return [];
  const bare = bareObject({ ...sample, kind: "pull-request", id: 0 });
  const targets = mapAll("repository", repositories.map(bareObject), context).map(toEntity);
  return dependents("pull-request", bare, targets, context, state, skip);
}

/** The repository entities that relate to these projects. */
export async function repositoriesOf(projects: readonly string[], context: ScopeContext): Promise<Scope[]> {
  const [sample] = projects;
  if (sample === undefined) return [];
  const bare = bareObject({ kind: "repository", key: sample, slug: "-" });
  const bareProjects = projects.map((key) => bareObject({ kind: "project", key }));
  const targets = mapAll("project", bareProjects, context).map(toEntity);
  return dependents("repository", bare, targets, context, "ALL");
}

/**
 * Every entity of a kind: for kinds of which there are few.
 * @param bare an object that the mapping knows the kind's blueprint from
 */
export async function entitiesOf(kind: Kind, bare: JsonObject, context: ScopeContext): Promise<Scope[]> {
  return Promise.all(
    mapOne(kind, bare, context).map(async ({ blueprint, roles }) => {
      const include = ["$identifier", "$title", ...Object.values(roles)];
      return { roles, entities: await context.port.search(blueprint, everything, include) };
    }),
  );
}

/** The entities of a kind that relate to the targets; Port follows several hops, so the relation is checked. */
async function dependents(
  kind: Kind,
  bare: JsonObject,
  targets: readonly Entity[],
  context: ScopeContext,
  state: BackfillContext["state"],
  skip: (entity: Entity, roles: Roles) => boolean = () => false,
): Promise<Scope[]> {
  const searches = mapOne(kind, bare, context).flatMap(({ blueprint, roles, relations }) =>
    [...Map.groupBy(targets, (target) => target.blueprint)].flatMap(([target, own]) => {
      const names = Object.keys(relations).filter((name) => context.targetOf(blueprint, name) === target);
      const include = ["$identifier", ...(roles.link === undefined ? [] : [roles.link]), ...names];
      const inState = state === "ALL" || roles.state === undefined ? [] : [stateRule(roles.state, state)];
      return inParts(own.map((it) => it.identifier)).map(async (ids) => {
        const query = dependingOn(target, ids);
        const inScope = { ...query, rules: [...query.rules, ...inState] };
        const wanted = new Set(ids);
        const entities: Entity[] = [];
        for await (const page of context.port.searchPages(blueprint, inScope, include)) {
          for (const it of page) if (relatesTo(it, names, wanted) && !skip(it, roles)) entities.push(it);
        }
        return { roles, entities };
      });
    }),
  );
  return Promise.all(searches);
}

function inParts(identifiers: readonly string[]): string[][] {
  const count = Math.ceil(identifiers.length / targetsPerSearch);
  return Array.from({ length: count }, (_, part) =>
    identifiers.slice(part * targetsPerSearch, (part + 1) * targetsPerSearch),
  );
}

function stateRule(property: string, value: string): object {
  return { property, operator: "=", value };
}
