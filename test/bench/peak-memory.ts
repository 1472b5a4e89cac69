// Preloaded with --import: when the process ends, its peak resident memory goes to the file PEAK_MEMORY_FILE, in KiB.
import { writeFileSync } from "node:fs";
import { peakKib } from "./peak-kib.ts";

process.once("exit", () => {
  writeFileSync(process.env["PEAK_MEMORY_FILE"] ?? "", String(peakKib()));
});
