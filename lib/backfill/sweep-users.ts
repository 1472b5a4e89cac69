import { describeError, log } from "../aws/log.ts";
import { parseUserLink } from "../bitbucket/address.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { entitiesOf } from "./scopes.ts";
import { deleteGone, type Gone } from "./sweep.ts";

/** What the listing of users showed. */
export interface ListedUsers {
  /** Slugs in lower case. */
  readonly listed: ReadonlySet<string>;
  /** The Bitbucket that links have to belong to. */
  readonly bases: ReadonlySet<string>;
}

/** Deletes the entities of users that Bitbucket says do not exist; without such a word they stay. */
export async function sweepUsers(
  { listed, bases }: ListedUsers,
  context: BackfillContext,
): Promise<Problems> {
  const gone: Gone[] = [];
  let has = 0;
  for (const { entities, roles } of await entitiesOf("user", { name: "-", slug: "-" }, context)) {
    has += entities.length;
    for (const entity of entities) {
      const link = parseUserLink(linkOf(entity, roles));
      const ours = link !== undefined && bases.has(link.base);
      if (ours && listed.has(link.slug.toLowerCase())) continue;
      if (ours && (await isGone(link.slug, context))) gone.push({ kind: "user", ...entity });
      else context.counts.user.left++;
    }
  }
  return deleteGone("users", gone, async () => has, context);
}

async function isGone(slug: string, { bitbucket }: BackfillContext): Promise<boolean> {
  try {
    return (await bitbucket.user(slug)) === undefined;
  } catch (error) {
    log("info", "nobody can tell whether a user exists", describeError(error));
    return false;
  }
}
