import type { Address } from "../bitbucket/address.ts";
import type { JsonObject } from "../json.ts";
import type { EntityKey } from "../port/entity.ts";
import { observeObject } from "../sync/observe.ts";
import { removeAway } from "./away.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { type Item, reconcile } from "./reconcile.ts";

/** An object that Bitbucket was asked for, and that is there. */
export interface Present {
  readonly address: Address;
  readonly object: JsonObject;
}

/** Readings at what may have been overtaken; an object that changes faster is left to its events. */
const mostReadings = 3;

/**
 * Writes objects as they are, and looks again at what was written: an event may have been consumed meanwhile, or the
 * object may have moved.
 * @returns what is wrong, and the entities that the mapping makes of the objects
 * @throws RequestError; AbortError when the time is up
 */
export async function showPresent(
  present: readonly Present[],
  context: BackfillContext,
): Promise<{ readonly problems: Problems; readonly keys: ReadonlyMap<EntityKey, number> }> {
  const problems: Problems = [];
  let keys: ReadonlyMap<EntityKey, number> = new Map();
  let current = present;
  for (let reading = 0; current.length > 0 && reading < mostReadings; reading++) {
    const part = current;
    const itemAt = (order: number): Item => {
      const one = part[order];
      return one === undefined ? [] : observeObject(one.address, one.object, { order, proof: "listed" });
    };
    const done = await reconcile(part.length, itemAt, context);
    problems.push(...done.problems);
    if (reading === 0) keys = done.keys;
    if (context.dryRun) break;
    const again: Present[] = [];
    await Promise.all(
      part.map(async ({ address }, index) => {
        if (!done.written.has(index)) return;
        const answer = await context.bitbucket.find(address);
        if (answer.is === "here") again.push({ address, object: answer.object });
        if (answer.is === "gone" || answer.is === "elsewhere")
          problems.push(...(await removeAway(address, answer.is === "elsewhere", context)));
      }),
    );
    current = again;
  }
  return { problems, keys };
}
