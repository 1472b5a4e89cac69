import { existsSync, readFileSync } from "node:fs";

const status = "/proc/self/status";

/**
 * This process's peak resident memory so far, in KiB. On Linux not by `maxRSS`, which begins with what the parent had when
 * it forked.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function peakKib(): number {
  const own = existsSync(status) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1] : undefined;
  return own === undefined ? process.resourceUsage().maxRSS : Number(own);
}
