import { readFileSync } from "node:fs";

/** Loads `.env` beside the current folder where there is one; what the environment has already wins. */
export function loadDotEnv(path = ".env"): void {
  try {
    readFileSync(path);
  } catch {
    return;
  }
  process.loadEnvFile(path);
}
