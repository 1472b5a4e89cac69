import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { history } from "./history/acts.ts";
import { type Stage, startStage } from "./history/living.ts";

let stage: Stage;
beforeAll(async () => {
  process.env["LOG_LEVEL"] = "error";
  stage = await startStage();
});
afterAll(() => stage.close());

const runs = Number(process.env["HISTORIES"] ?? 200);

test("in the end Port holds what the tips define, and nothing that they define was deleted on the way", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (lived) => {
      expect(await stage.live(lived)).toEqual([]);
    }),
    {
      numRuns: runs,
      endOnFailure: process.env["SHRINK"] === undefined,
      ...(process.env["SEED"] ? { seed: Number(process.env["SEED"]) } : {}),
    },
  );
}, 600_000);
