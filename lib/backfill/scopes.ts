import type { RepositoryAddress } from "../bitbucket/address.ts";
import { bareObject, type Kind } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import type { Roles } from "../mapping/traits.ts";
import type { Entity } from "../port/entity.ts";
import { everything } from "../port/query.ts";
import { samples } from "../sync/beneath.ts";
import { findDependents, type Scope, type ScopeContext } from "../sync/dependents.ts";
import { mapAll, mapOne, toEntity } from "../sync/map.ts";
import type { BackfillContext } from "./context.ts";

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
  const targets = mapAll("repository", repositories.map(bareObject), context).map(toEntity);
  const rules = (roles: Roles) =>
    state === "ALL" || roles.state === undefined
      ? []
      : [{ property: roles.state, operator: "=", value: state }];
  return findDependents("pull-request", bareObject(samples["pull-request"]), targets, context, {
    rules,
    ...(skip && { skip }),
  });
}

/** The repository entities that relate to these projects. */
export async function repositoriesOf(projects: readonly string[], context: ScopeContext): Promise<Scope[]> {
  const bareProjects = projects.map((key) => bareObject({ kind: "project", key }));
  const targets = mapAll("project", bareProjects, context).map(toEntity);
  return findDependents("repository", bareObject(samples.repository), targets, context);
}

/**
 * Every entity of a kind: for kinds of which there are few.
 * @param bare an object that the mapping knows the kind's blueprint from
 */
export async function entitiesOf(kind: Kind, bare: JsonObject, context: ScopeContext): Promise<Scope[]> {
  return Promise.all(
    mapOne(kind, bare, context).map(async ({ blueprint, roles, fields }) => {
      const include = ["$identifier", "$title", ...new Set([...Object.values(roles), ...fields.properties])];
      return { roles, entities: await context.port.search(blueprint, everything, include) };
    }),
  );
}
