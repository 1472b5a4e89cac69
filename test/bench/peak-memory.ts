// Preloaded with --import: when the process ends, its peak resident memory goes to the file PEAK_MEMORY_FILE, in KiB.
import { writeFileSync } from "node:fs";

process.once("exit", () => {
  writeFileSync(process.env["PEAK_MEMORY_FILE"] ?? "", String(process.resourceUsage().maxRSS));
});
