import { noteWrite, snapshot } from "./journal.ts";
import { relink, unlink } from "./links.ts";
import type { Journal, Store, Stored, Table } from "./stored.ts";
import type { Blueprint, EntityInput } from "./types.ts";

export function createStore(now: () => number, journal: Journal, oneHop: boolean): Store {
  const maps = { blueprints: new Map(), tables: new Map(), dependents: new Map() };
  return { ...maps, now, journal, oneHop, version: 0, sequence: 0 };
}

export function find(store: Store, blueprint: string, identifier: string): Stored | undefined {
  return store.tables.get(blueprint)?.byIdentifier.get(identifier);
}

export function findByKey(store: Store, key: string): Stored | undefined {
  const at = key.indexOf("\u0000");
  return find(store, key.slice(0, at), key.slice(at + 1));
}

/** The entities of a blueprint from the given sequence number on, in order. */
export function* entitiesFrom(store: Store, blueprint: string, sequence: number): Generator<Stored> {
  const order = store.tables.get(blueprint)?.order ?? [];
  for (let at = firstFrom(order, sequence); at < order.length; at++) {
    const stored = order[at];
    if (stored !== undefined && !stored.gone) yield stored;
  }
}

function firstFrom(order: readonly Stored[], sequence: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle]?.sequence ?? 0) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Writes an entity exactly as given, in place of what was there. `bare` is one that something relates to, no more. */
export function write(store: Store, blueprint: string, input: EntityInput, bare = false): Stored {
  const table = tableOf(store, blueprint);
  const time = new Date(store.now()).toISOString();
  let stored = table.byIdentifier.get(input.identifier);
  const before = snapshot(store, stored);
  const action = stored === undefined ? "create" : "update";
  if (stored === undefined) {
    stored = blank(blueprint, input.identifier, store.sequence++, time);
    table.byIdentifier.set(input.identifier, stored);
    table.order.push(stored);
  }
  stored.updatedAt = time;
  stored.title = input.title ?? undefined;
  stored.icon = input.icon ?? undefined;
  stored.team = typeof input.team === "string" ? [input.team] : (input.team ?? []);
  stored.properties = withoutNulls(input.properties ?? {});
  stored.relations = withoutNulls(input.relations ?? {});
  relink(store, stored);
  noteWrite(store, action, stored, before, bare);
  return stored;
}

export function drop(store: Store, stored: Stored): void {
  const table = tableOf(store, stored.blueprint);
  const before = snapshot(store, stored);
  table.byIdentifier.delete(stored.identifier);
  stored.gone = true;
  table.gone++;
  if (table.gone > 1000 && table.gone * 2 > table.order.length) {
    table.order = table.order.filter((entry) => !entry.gone);
    table.gone = 0;
  }
  unlink(store, stored);
  stored.targets = [];
  store.version++;
  noteWrite(store, "delete", stored, before);
}

/** Adds or replaces a blueprint; the relations of its entities are indexed anew. */
export function setBlueprint(store: Store, blueprint: Blueprint): void {
  store.blueprints.set(blueprint.identifier, blueprint);
  for (const stored of entitiesFrom(store, blueprint.identifier, 0)) relink(store, stored);
  store.version++;
}

function tableOf(store: Store, blueprint: string): Table {
  let table = store.tables.get(blueprint);
  if (table === undefined) {
    table = { byIdentifier: new Map(), order: [], gone: 0 };
    store.tables.set(blueprint, table);
  }
  return table;
}

function blank(blueprint: string, identifier: string, sequence: number, time: string): Stored {
  const times = { createdAt: time, updatedAt: time };
  const values = { title: undefined, icon: undefined, team: [], properties: {}, relations: {}, targets: [] };
  return { blueprint, identifier, sequence, ...times, ...values, gone: false };
}

function withoutNulls<Value>(values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
