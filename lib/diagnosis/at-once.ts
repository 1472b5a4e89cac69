/**
 * How a question is asked whose answer is wanted at once, in ms: silence is an answer, too. With the
 * time below, and a process that has to start, both sides are told of within 15 seconds.
 */
export const atOnce = { retries: 3, retryForMs: 5_000, timeoutMs: 9_000 } as const;

/** So long, in ms, a first call that may be slow goes on before it is asked beside whether anybody answers at all. */
export const besideAfterMs = 2_500;
