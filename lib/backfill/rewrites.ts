import { addressName, type Place } from "../bitbucket/address.ts";
import { keyOf } from "../port/entity.ts";
import type { Candidate } from "../sync/candidate.ts";
import { differs } from "../sync/difference.ts";
import { wanted } from "../sync/payload.ts";
import { queryFor, readEntities } from "../sync/read.ts";
import { wait } from "../time.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { type Present, showPresent } from "./present.ts";

/** Remembers what was written over something that was there, to look at it once more. */
export interface Rewrites {
  note(candidate: Candidate): void;
  /** When the last of them was written, epoch ms. */
  readonly lastAt: number;
  readonly candidates: readonly Candidate[];
}

/** So many are looked at again; where a changed mapping rewrites everything, the rest is left to the next run. */
const most = 2_000;

export function createRewrites(): Rewrites {
  const candidates: Candidate[] = [];
  let lastAt = 0;
  return {
    candidates,
    get lastAt() {
      return lastAt;
    },
    note(candidate) {
      lastAt = Date.now();
      if (candidates.length < most) candidates.push(candidate);
    },
  };
}

/**
 * Looks at Port for what was rewritten, and mends what somebody else has written since: a consumer that had read Port
 * before we wrote, and wrote after us what had been the newest until then. It looks at what takes it longer itself.
 * @throws RequestError; AbortError when the time is up
 */
export async function recheck(rewrites: Rewrites, context: BackfillContext): Promise<Problems> {
  const { candidates, lastAt } = rewrites;
  if (candidates.length === 0 || context.dryRun) return [];
  await wait(Math.max(0, lastAt + context.recheckAfterMs - Date.now()));
  const existing = await readEntities(
    context.port,
    candidates.map((candidate) => queryFor(wanted(candidate))),
  );
  const places = new Map<string, Exclude<Place, { kind: "user" }>>();
  for (const candidate of candidates) {
    const entity = existing.get(keyOf(candidate.entity));
    const { address } = candidate;
    if (address !== undefined && (entity === undefined || differs(wanted(candidate), entity)))
      places.set(addressName(address), address);
  }
  const present: Present[] = [];
  for (const address of places.values()) {
    const answer = await context.bitbucket.find(address);
    if (answer.is === "here") present.push({ address, object: answer.object });
  }
  return (await showPresent(present, context)).problems;
}
