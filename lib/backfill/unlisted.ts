import { log } from "../aws/log.ts";
import { type Address, addressName } from "../bitbucket/address.ts";
import type { JsonObject } from "../json.ts";
import { keyOf } from "../port/entity.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { reportLoss } from "./loss.ts";
import { type Present, showPresent } from "./present.ts";

export interface Resolved {
  /** Those whose objects are not there any more. */
  readonly gone: readonly Removal[];
  /** The objects that are there. */
  readonly there: readonly JsonObject[];
  /** Where objects are by now that are not there any more, as far as Bitbucket told. */
  readonly moved: readonly Address[];
  readonly problems: Problems;
}

/**
 * Asks Bitbucket for the object of each entity that a listing does not show: what is there is written as it is now (a
 * pull request that was merged while nobody listened becomes MERGED), what is not there is gone. Where nobody can tell,
 * the entity stays.
 */
export async function resolveUnlisted(
  unlisted: readonly Removal[],
  context: BackfillContext,
): Promise<Resolved> {
  const gone: Removal[] = [];
  const moved: Address[] = [];
  const there: (Present & { readonly removal: Removal })[] = [];
  const problems: Problems = [];
  await Promise.all(
    unlisted.map(async (removal) => {
      const { address } = removal;
      if (address.kind === "user") return;
      const answer = await context.bitbucket.find(address);
      switch (answer.is) {
        case "here":
          there.push({ removal, address, object: answer.object });
          break;
        case "elsewhere":
          gone.push(removal);
          if (answer.address !== undefined) moved.push(answer.address);
          break;
        case "gone":
          gone.push(removal);
          break;
        case "unknown":
          context.counts[removal.kind].left++;
          problems.push(...reportLoss(address, "whether it is still there", answer.error, context));
      }
    }),
  );
  const shown = await showPresent(there, context);
  noteForeign(there, shown.keys, context);
  problems.push(...shown.problems);
  return { gone, there: there.map(({ object }) => object), moved, problems };
}

/** The object is there, but the mapping calls it something else: the entity stands for something of its own. */
function noteForeign(
  present: readonly (Present & { readonly removal: Removal })[],
  keys: ReadonlyMap<string, number>,
  context: BackfillContext,
): void {
  for (const { removal, address } of present) {
    if (keys.has(keyOf(removal))) continue;
    context.counts[removal.kind].left++;
    log("info", "entity left: the mapping calls its object something else", { object: addressName(address) });
  }
}
