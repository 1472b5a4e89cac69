import { type Jq, loadJq } from "jq-wasm/inline";

/** So many stand by, where nothing else is said: loading takes time that an evaluation, which waits for nothing, does not have. */
export const defaultSpares = 2;

/** jq, of which another takes the place when one has crashed. */
export interface JqPool {
  /** Undefined when all have crashed, until others are loaded. */
  readonly current: Jq | undefined;
  /** The current one has crashed, which it does not get over. */
  drop(): void;
  /** When all that shall stand by do. */
  filled(): Promise<void>;
}

/** Begins with one, the others are loaded behind. */
export function createJqPool(first: Jq, spares = defaultSpares): JqPool {
  const all = [first];
  let filling: Promise<void> = Promise.resolve();

  function fill(): void {
    // One that cannot be loaded is tried again after the next crash.
    filling = filling.then(loadMissing).catch(() => {});
  }
  async function loadMissing(): Promise<void> {
    while (all.length <= spares) all.push(await loadJq());
  }

  fill();
  return {
    get current() {
      return all[0];
    },
    drop() {
      all.shift();
      fill();
    },
    filled: () => filling,
  };
}
