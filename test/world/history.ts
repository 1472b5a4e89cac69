import type { Catalog, ExpectedEntity } from "./catalog.ts";
import { textOf } from "./catalog.ts";

/** What was true of an identifier from some time on; without an entity, that there was none. */
export interface State {
  readonly from: number;
  readonly entity: ExpectedEntity | undefined;
}

/** What was true, and when: the catalog that Bitbucket should have had at every moment. */
export interface History {
  /** Takes down what is true now. */
  record(now: number, catalog: Catalog): void;
  /** By an entity's key, the oldest first; the last one is what is true now. */
  states(key: string): readonly State[];
  keys(): IterableIterator<string>;
}

export function createHistory(): History {
  const all = new Map<string, State[]>();
  let current: Catalog = new Map();

  function note(key: string, state: State): void {
    const states = all.get(key) ?? [{ from: Number.NEGATIVE_INFINITY, entity: undefined }];
    states.push(state);
    all.set(key, states);
  }

  return {
    record(now, catalog) {
      for (const [key, entity] of catalog) {
        const before = current.get(key);
        if (before === undefined || differs(before, entity)) note(key, { from: now, entity });
      }
      for (const key of current.keys()) {
        if (!catalog.has(key)) note(key, { from: now, entity: undefined });
      }
      current = catalog;
    },
    states: (key) => all.get(key) ?? [{ from: Number.NEGATIVE_INFINITY, entity: undefined }],
    keys: () => all.keys(),
  };
}

function differs(a: ExpectedEntity, b: ExpectedEntity): boolean {
  if (a.object !== b.object || a.optional !== b.optional) return true;
  return Object.keys(b.fields).some((field) => textOf(a.fields[field]) !== textOf(b.fields[field]));
}
