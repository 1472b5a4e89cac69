import { shown } from "./context.ts";
import type { PortSimulatorOptions } from "./options.ts";
import type { Journal, Store, Stored } from "./stored.ts";
import type { Entity, Write } from "./types.ts";

export function createJournal({ logWrites, onWrite }: PortSimulatorOptions): Journal {
  const writes: Write[] = [];
  const isAsked = logWrites === true || onWrite !== undefined;
  const note = (write: Write) => {
    if (logWrites === true) writes.push(write);
    onWrite?.(write);
  };
  return { userAgent: undefined, writes, note: isAsked ? note : undefined };
}

/** How an entity looks before a change; undefined when nobody asks, as it costs something. */
export function snapshot(store: Store, stored: Stored | undefined): Entity | undefined {
  const isAsked = store.journal.note !== undefined;
  return isAsked && stored !== undefined ? shown(store, stored, "absent") : undefined;
}

export function noteWrite(
  store: Store,
  action: Write["action"],
  stored: Stored,
  before: Entity | undefined,
  bare = false,
): void {
  const { note, userAgent } = store.journal;
  if (note === undefined) return;
  const { blueprint, identifier } = stored;
  const after = action === "delete" ? undefined : shown(store, stored, "absent");
  note({ at: store.now(), action, blueprint, identifier, before, after, bare, userAgent });
}
