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
  /** Keys of those that are gone, in lower case. */
  readonly gone: ReadonlySet<string>;
  /** Keys of those that are there though no listing shows them, as personal projects are. */
  readonly hidden: readonly string[];
  /** Keys that projects have by now which Port had under another, in lower case. */
  readonly renamed: ReadonlySet<string>;
  /** Keys of all that were asked for, in lower case. */
  readonly asked: ReadonlySet<string>;
}

/**
 * Deletes what is left in Port of projects that Bitbucket says are gone.
 * @param listed keys of the projects that Bitbucket showed
 * @param keys the entities that the mapping makes of them
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
      inScope: (address: Removal["address"]) => address.kind === "project" && isWanted(address.key, context),
    };
    const found = sortUnlisted(scope, "project", listing, context);
    unlisted.push(...found.unlisted);
    superseded.push(...found.superseded);
    context.counts.project.left += found.left;
  }
  const { gone, there, moved, problems } = await resolveUnlisted(unlisted, context);
  // In their own case, which links do not keep.
  const hidden = there.flatMap((object) => textField(object, "key") ?? []);
  const lowerCase = (places: readonly { readonly kind: string }[]) =>
    new Set(places.flatMap((place) => ("key" in place ? String(place.key).toLowerCase() : [])));
  const found = {
    gone: lowerCase(gone.map(({ address }) => address)),
    hidden,
    renamed: lowerCase(moved),
    asked: lowerCase(unlisted.map(({ address }) => address)),
  };
  const all = [...gone, ...chooseSuperseded(superseded, keys, context)];
  if (all.length === 0) return { problems, ...found };
  const beneath = await findBeneath(all, context);
  context.counts.repository.left += beneath.left.length;
  const total = () => sizeOfAll(scopes, context);
  const withheld = await deleteGone("projects", [...all, ...beneath.removals], total, context);
  return { problems: [...problems, ...withheld], ...found };
}
