// Runs osls in a process of its own, which ends with the process that started it even when that was killed.
import { rmSync } from "node:fs";
import { createRequire } from "node:module";

process.once("disconnect", () => {
  const folder = process.env["ESBUILD_WORK_FOLDER"];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  process.exit(1);
});

// Listening must not keep the process up when osls fails.
process.channel?.unref();

createRequire(import.meta.url)("osls/bin/serverless.js");
