/** The command was called in a way that it does not know; its message says what is wrong. */
export class UsageError extends Error {
  override name = "UsageError";
}

/**
 * Runs a command line: `--help` prints the usage, a fault is one line on stderr and never a stack trace.
 * The process exits with what `main` returns, 2 for a wrong call, 1 for any other failure.
 */
export async function runCommand(usage: string, main: (args: string[]) => Promise<number>): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  try {
    process.exitCode = await main(args);
  } catch (error) {
    const wrongCall = error instanceof UsageError || isParseArgsError(error);
    process.stderr.write(`${describe(error)}\n${wrongCall ? `\n${usage}\n` : ""}`);
    process.exitCode = wrongCall ? 2 : 1;
  }
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch hides what went wrong in the cause, which has no words where a name has several addresses.
  const cause = error.cause instanceof Error ? error.cause : undefined;
  return cause === undefined
    ? error.message
    : `${error.message}: ${cause.message || ("code" in cause && cause.code) || cause.name}`;
}
