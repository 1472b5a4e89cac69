import { defineConfig } from "vitest/config";

/** The tests that need no server: a mutant that only a server's test would find takes too long to find. */
export default defineConfig({
  test: {
    include: ["test/{sync,queue,bitbucket}/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    env: { LOG_LEVEL: "info" },
  },
});
