import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most of the time goes by waiting for servers on loopback.
    maxWorkers: 4,
    env: { LOG_LEVEL: "info" },
    coverage: {
      provider: "v8",
      include: ["lib/**/*.ts"],
      // Command lines are tested as processes of their own, which this does not see into.
      exclude: ["lib/commands/{backfill,replay,setup}.ts"],
      reporter: ["text-summary", "text"],
      thresholds: { branches: 95 },
    },
  },
});
