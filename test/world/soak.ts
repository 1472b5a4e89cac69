import { type SoakOptions, soakOptions, usage } from "./soak-options.ts";
import { soak } from "./soak-world.ts";
import { runWorld } from "./world.ts";

const fewest = 10;

/** The report's head and its first violations, or all of them. */
function shown(text: string, { verbose }: SoakOptions): string {
  const parts = text.split("\n\n");
  if (verbose || parts.length <= fewest + 1) return text;
  return [...parts.slice(0, fewest + 1), `… and ${parts.length - fewest - 1} more (--verbose)`].join("\n\n");
}

const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ending.abort());

try {
  const options = soakOptions(process.argv.slice(2));
  if (options === undefined) console.log(usage);
  else {
    const { seed, moved, seconds, kind, pace, crashes } = options;
    const report = options.virtual
      ? await runWorld({ seed, moved, seconds, kind, pace, crashes })
      : await soak(options, ending.signal);
    console.log(shown(report.text, options));
    process.exitCode = report.violations.length === 0 ? 0 : 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
