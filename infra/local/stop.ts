/** Aborts on Ctrl-C, and when npm, which started this process, is gone. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  let askedAt = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Whoever asks again does not want to wait. One Ctrl-C comes twice: from the terminal, and by way of npm.
      if (stopping.signal.aborted && performance.now() - askedAt > 1000) process.exit(1);
      askedAt = performance.now();
      stopping.abort();
    });
  }

  // npm's shell may be gone without a word to us.
  const parent = process.ppid;
  if (process.env["npm_lifecycle_event"] !== undefined) {
    setInterval(() => {
      if (process.ppid !== parent) stopping.abort();
    }, 500).unref();
  }

  return stopping.signal;
}
