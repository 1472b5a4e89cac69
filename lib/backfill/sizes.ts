import { parseLinkOf, type RepositoryAddress } from "../bitbucket/address.ts";
import type { Scope } from "../sync/dependents.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import type { BackfillContext } from "./context.ts";
import { pullRequestsOf, repositoriesOf } from "./scopes.ts";
import { isWanted } from "./wanted.ts";

/** How many entities there are in scopes. */
export function sizeOf(scopes: readonly Scope[]): number {
  return scopes.reduce((sum, { entities }) => sum + entities.length, 0);
}

/** How many entities Port has of the wanted projects, with all beneath. */
export async function sizeOfAll(scopes: readonly Scope[], context: BackfillContext): Promise<number> {
  const projects = scopes.flatMap(({ entities, roles }) =>
    entities.flatMap((entity) => {
      const address = parseLinkOf("project", linkOf(entity, roles))?.address;
      return address?.kind === "project" && isWanted(address.key, context) ? [address.key] : [];
    }),
  );
  const keys = [...new Set(projects)];
  const inProjects = await repositoriesOf(keys, context);
  const inRepositories = await pullRequestsOf(addressesIn(inProjects), context, "ALL");
  return keys.length + sizeOf(inProjects) + sizeOf(inRepositories);
}

/** The repositories that entities stand for, by their links. */
export function addressesIn(scopes: readonly Scope[]): RepositoryAddress[] {
  return scopes.flatMap(({ entities, roles }) =>
    entities.flatMap((entity) => {
      const address = parseLinkOf("repository", linkOf(entity, roles))?.address;
      return address?.kind === "repository" ? [address] : [];
    }),
  );
}
