/** Lets a limited number of things happen at the same time. */
export interface Slots {
  /** Waits for a slot, in the order of asking; the answer frees it. */
  take(): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;

  function passOn(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }

  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let taken = true;
      return () => {
        if (taken) passOn();
        taken = false;
      };
    },
  };
}
