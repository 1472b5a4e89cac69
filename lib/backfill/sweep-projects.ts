import { addressName } from "../bitbucket/address.ts";
import { bareObject, textField } from "../bitbucket/objects.ts";
import type { EntityKey } from "../port/entity.ts";
import { findBeneath, samples } from "../sync/beneath.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { deleteGone } from "./delete-gone.ts";
import { entitiesOf } from "./scopes.ts";
import { sizeOfAll } from "./sizes.ts";
import { sortUnlisted } from "./sort-unlisted.ts";
import { chooseSuperseded } from "./superseded.ts";
import { resolveUnlisted } from "./unlisted.ts";
import { isWanted } from "./wanted.ts";

export interface ProjectsSwept {
  readonly problems: Problems;
  readonly gone: ReadonlySet<string>;
  readonly hidden: readonly string[];
}

/**
 * Deletes what is left in Port of projects that Bitbucket says are gone.
 * @param listed keys of the projects that Bitbucket showed
 * @param keys the entities that the mapping makes of them
 * @returns the keys of those that are gone, in lower case, and of those that are there though no listing shows them, as
 * personal projects are
 * @throws RequestError
 */
export async function sweepProjects(
  listed: readonly string[],
  keys: ReadonlyMap<EntityKey, string>,
  context: BackfillContext,
): Promise<ProjectsSwept> {
  const names = new Set(listed.map((key) => addressName({ kind: "project", key })));
  const scopes = await entitiesOf("project", bareObject(samples.project), context);
  const unlisted: Removal[] = [];
  const superseded: Removal[] = [];
  for (const scope of scopes) {
    const listing = {
      keys,
      isListed: (address: Removal["address"]) => names.has(addressName(address)),
      inScope: (address: Removal["address"]) =>
        address.kind === "project" && isWanted(address.key, context.projects),
    };
    const found = sortUnlisted(scope, "project", listing, context);
    unlisted.push(...found.unlisted);
    superseded.push(...found.superseded);
    context.counts.project.left += found.left;
  }
  const { gone, there, problems } = await resolveUnlisted(unlisted, context);
  // In their own case, which links do not keep.
  const hidden = there.flatMap((object) => textField(object, "key") ?? []);
  const all = [...gone, ...chooseSuperseded(superseded, keys, context)];
  const goneKeys = gone.flatMap(({ address }) =>
    address.kind === "project" ? [address.key.toLowerCase()] : [],
  );
  if (all.length === 0) return { problems, gone: new Set(), hidden };
  const beneath = await findBeneath(gone, context);
  context.counts.repository.left += beneath.left.length;
  const total = () => sizeOfAll(scopes, context);
  const withheld = await deleteGone("projects", [...all, ...beneath.removals], total, context);
  return { problems: [...problems, ...withheld], gone: new Set(goneKeys), hidden };
}
