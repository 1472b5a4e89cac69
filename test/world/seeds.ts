import { describe, expect, it } from "vitest";
import type { Moved } from "../../infra/local/simulators/bitbucket/server.ts";
import { runWorld, type WorldOptions } from "./world.ts";

/** A world passes in seconds where all goes well; one in which messages stay for ever takes longer. ms */
const timeout = 60_000;
const mostLines = 60;

/** One test a seed: a world in which old addresses answer in one way ends right, and nothing went wrong on the way. */
export function liveThrough(
  moved: Moved,
  seeds: Readonly<Record<number, string>>,
  options: Omit<WorldOptions, "seed" | "moved"> = {},
): void {
  describe(`a world in which old addresses answer ${moved}`, () => {
    for (const [seed, cause] of Object.entries(seeds)) {
      it(`is shown as it is, seed ${seed}: ${cause}`, { timeout }, async () => {
        const { violations, text } = await runWorld({ ...options, seed: Number(seed), moved });
        expect(violations.length, text.split("\n").slice(0, mostLines).join("\n")).toBe(0);
      });
    }
  });
}
