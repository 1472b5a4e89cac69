/**
 * How a question is asked whose answer is wanted at once, in ms: silence is an answer, too. A connection that does not
 * come about is given up by Node.js after ten seconds, which says more than that no answer came.
 */
export const atOnce = { retries: 3, retryForMs: 5_000, timeoutMs: 11_000 } as const;

/** So long, in ms, a first call that may be slow goes on before it is asked beside whether anybody answers at all. */
export const besideAfterMs = 2_500;
