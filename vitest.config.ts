import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A rotation waits for a minute and a half: begun first, it does so beside the others. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => moduleId.endsWith("test/e2e/rotation.test.ts");
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most of the time goes by waiting for servers on loopback.
    maxWorkers: 4,
    sequence: { sequencer: WaitingFirst },
    env: { LOG_LEVEL: "info" },
    coverage: {
      provider: "v8",
      include: ["lib/**/*.ts"],
      // Command lines are tested as processes of their own, which this does not see into.
      exclude: [
        "lib/commands/{backfill,backfill-flags,replay,replay-payload,replay-post,setup,setup-target}.ts",
      ],
      reporter: ["text-summary", "text"],
      // How far a run came is worth knowing when something in it failed, too.
      reportOnFailure: true,
      thresholds: { branches: 95 },
    },
  },
});
