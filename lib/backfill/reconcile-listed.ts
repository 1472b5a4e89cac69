import type { Page } from "../bitbucket/client.ts";
import { type JsonObject, sameJson } from "../json.ts";
import type { EntityKey } from "../port/entity.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { type Item, reconcile } from "./reconcile.ts";

/** Where an object was listed. */
export interface Listed {
  readonly object: JsonObject;
  /** The listing's path and the start of the page that showed the object. */
  readonly path: string;
  readonly operation: string;
  readonly start: number;
}

/** Readings after which Port is taken to be true; an object that changes faster is left to its events. */
const mostReadings = 3;

export interface ReconciledListing {
  readonly problems: Problems;
  /** Objects that have gone from their page meanwhile. */
  readonly vanished: readonly JsonObject[];
  /** Objects that were written over something that was there. */
  readonly overwritten: readonly JsonObject[];
  /** The entities that the mapping makes of the objects, with the objects' names. */
  readonly keys: ReadonlyMap<EntityKey, string>;
}

/**
 * Reconciles listed objects, and looks at those that were written once more: an event may have been consumed between
 * our reading of Port and our writing, and would then be overwritten by the older state. Only pages with writes are
 * read again, so an unchanged Bitbucket costs nothing.
 * @param name tells an object in its listing from others, e.g. its slug
 * @param observe what an object shows, numbered by `order`
 */
export async function reconcileListed(
  listed: readonly Listed[],
  name: (object: JsonObject) => string,
  observe: (object: JsonObject, order: number, first: Listed) => Item,
  context: BackfillContext,
): Promise<ReconciledListing> {
  const problems: Problems = [];
  const vanished: JsonObject[] = [];
  const overwritten: JsonObject[] = [];
  const keys = new Map<EntityKey, string>();
  let current = listed;
  for (let reading = 0; current.length > 0 && reading < mostReadings; reading++) {
    const part = current;
    const itemAt = (order: number): Item => {
      const one = part[order];
      return one === undefined ? [] : observe(one.object, order, one);
    };
    const done = await reconcile(part.length, itemAt, context);
    problems.push(...done.problems);
    for (const [key, index] of done.keys) keys.set(key, name(part[index]?.object ?? {}));
    overwritten.push(...part.filter((_, index) => done.overwritten.has(index)).map(({ object }) => object));
    if (context.dryRun) break;
    const written = part.filter((_, index) => done.written.has(index));
    const seen = await readWrittenAgain(written, name, context);
    vanished.push(...seen.vanished);
    current = seen.changed;
  }
  return { problems, vanished, overwritten, keys };
}

async function readWrittenAgain(
  written: readonly Listed[],
  name: (object: JsonObject) => string,
  { bitbucket }: BackfillContext,
) {
  const pages = Map.groupBy(written, ({ path, start }) => `${start} ${path}`);
  const vanished: JsonObject[] = [];
  const changed: Listed[] = [];
  await Promise.all(
    [...pages.values()].map(async (own) => {
      const [{ path, operation, start } = own[0] as Listed] = own;
      const page: Page = await bitbucket.page(path, operation, start);
      const byName = new Map(page.values.map((object) => [name(object), object]));
      for (const one of own) {
        const now = byName.get(name(one.object));
        if (now === undefined) vanished.push(one.object);
        else if (!sameJson(now, one.object)) changed.push({ ...one, object: now });
      }
    }),
  );
  return { vanished, changed };
}
