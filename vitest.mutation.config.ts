import { defineConfig } from "vitest/config";

/** Tests that need no server: each is run again for every mutant that it reaches, and all of them for some. */
export default defineConfig({
  test: {
    include: [
      "test/sync/**/*.test.ts",
      "test/live/{accept,accept-output,removals}.test.ts",
      "test/queue/{batch-response,live-message}.test.ts",
      "test/bitbucket/{address,dates,link,objects,read-whereabouts,signature,user-link,*-events}.test.ts",
      "test/port/{entity,upsert-answer}.test.ts",
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { LOG_LEVEL: "info" },
  },
});
