import { log } from "../aws/log.ts";
import { type Address, addressName } from "../bitbucket/address.ts";
import type { Whereabouts } from "../bitbucket/whereabouts.ts";
import type { JsonObject } from "../json.ts";
import { keyOf } from "../port/entity.ts";
import { observeObject } from "../sync/observe.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { reportLoss } from "./loss.ts";
import { reconcile } from "./reconcile.ts";

export interface Resolved {
  /** Those whose objects are not there any more. */
  readonly gone: readonly Removal[];
  /** Where objects are by now that are not there any more, as far as Bitbucket told. */
  readonly moved: readonly Address[];
  readonly problems: Problems;
}

interface Present {
  readonly removal: Removal;
  readonly address: Address;
  readonly object: JsonObject;
}

/** Looks at what may have been overtaken; an object that changes faster is left to its events. */
const mostLooks = 3;

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
  const there: Present[] = [];
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
  problems.push(...(await showPresent(there, context)));
  return { gone, moved, problems };
}

/** Writes what is there, and looks again at what was written: an event may have been consumed meanwhile. */
async function showPresent(present: readonly Present[], context: BackfillContext): Promise<Problems> {
  const problems: Problems = [];
  let current = present;
  for (let look = 0; current.length > 0 && look < mostLooks; look++) {
    const part = current;
    const done = await reconcile(
      part.length,
      (order) => {
        const one = part[order];
        return one === undefined ? [] : observeObject(one.address, one.object, { order, proof: "listed" });
      },
      context,
    );
    problems.push(...done.problems);
    if (look === 0) noteForeign(part, done.keys, context);
    if (context.dryRun) break;
    const written = part.filter((_, index) => done.written.has(index));
    const again = await Promise.all(
      written.map(async (one) => ({ one, now: await context.bitbucket.find(one.address) })),
    );
    current = again.flatMap(({ one, now }) => changed(one, now));
  }
  return problems;
}

function changed(one: Present, now: Whereabouts): Present[] {
  return now.is === "here" ? [{ ...one, object: now.object }] : [];
}

/** The object is there, but the mapping calls it something else: the entity stands for something of its own. */
function noteForeign(
  present: readonly Present[],
  keys: ReadonlyMap<string, number>,
  context: BackfillContext,
): void {
  for (const { removal, address } of present) {
    if (keys.has(keyOf(removal))) continue;
    context.counts[removal.kind].left++;
    log("info", "entity left: the mapping calls its object something else", { object: addressName(address) });
  }
}
