import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { history } from "./history/acts.ts";
import { failed } from "./history/failed.ts";
import { type Stage, startStage } from "./history/living.ts";

let stage: Stage;
beforeAll(async () => {
  vi.stubEnv("LOG_LEVEL", "error");
  stage = await startStage();
});
afterAll(async () => {
  await stage.close();
  vi.unstubAllEnvs();
});

test.each(Object.entries(failed))("%s", async (_, lived) => {
  expect(await stage.live(lived)).toEqual([]);
});

test("in the end Port holds what the tips define, and nothing that they define was deleted on the way", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (lived) => {
      expect(await stage.live(lived)).toEqual([]);
    }),
    // To make it smaller would take as long as all of them.
    { numRuns: 200, endOnFailure: true },
  );
}, 600_000);
