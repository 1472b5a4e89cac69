/**
 * A budget of calls: some at once, and one more each time that so many ms have gone by.
 * @param now epoch ms
 * @returns tells whether there is one left, and takes it
 */
export function createBudget(atOnce: number, oneMoreEveryMs: number, now: () => number): () => boolean {
  let left = atOnce;
  let countedAt = now();
  return () => {
    const more = Math.max(0, Math.floor((now() - countedAt) / oneMoreEveryMs));
    left = Math.min(atOnce, left + more);
    countedAt += more * oneMoreEveryMs;
    if (left < 1) return false;
    left--;
    return true;
  };
}
