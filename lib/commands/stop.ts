/** How a long command is stopped. */
export interface Stop {
  /** Aborts on the first Ctrl-C: what is under way comes to its end, nothing new begins. */
  readonly asked: AbortSignal;
  /** Aborts on the second one: calls that are under way are given up. */
  readonly calls: AbortSignal;
  /** Gives Ctrl-C back its usual meaning. */
  end(): void;
}

export function stopOnInterrupt(): Stop {
  const asked = new AbortController();
  const calls = new AbortController();
  let askedAt = 0;
  const onSignal = () => {
    if (!asked.signal.aborted) {
      askedAt = performance.now();
      process.stderr.write("\nstopping; once more to give up what is under way\n");
      asked.abort();
      // One Ctrl-C comes twice: from the terminal, and by way of npm.
    } else if (performance.now() - askedAt > 500) {
      calls.abort();
    }
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    asked: asked.signal,
    calls: calls.signal,
    end: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
  };
}
