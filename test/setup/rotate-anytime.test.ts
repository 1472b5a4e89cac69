import fc from "fast-check";
import { expect, test } from "vitest";
import { expectRotated, startRotation } from "../support/rotation.ts";

test("whenever containers start, look, and are asked by strangers, no delivery is refused", async () => {
  const moment = fc.integer({ min: 0, max: 150_000 });
  const moments = fc.array(moment, { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(moments, moments, async (allStarts, allStrangers) => {
      const [starts, strangers] = [[...allStarts], [...allStrangers]];
      const own = await startRotation();
      try {
        const began = Date.now();
        const containers = [own.container()];
        own.onStep(async () => {
          const passed = Date.now() - began;
          for (const _ of take(starts, passed)) containers.push(own.container());
          // A signature of nobody's has a container look up the secret, which it may not do again for a minute.
          for (const at of take(strangers, passed)) {
            await containers[at % containers.length]?.answer("a stranger's");
          }
        });
        await own.pass(50_000);
        await own.rotate();
        expectRotated(own);
      } finally {
        await own.close();
      }
    }),
    { numRuns: 30 },
  );
});

/** Removes the moments that have passed, and gives them. */
function take(moments: number[], passed: number): number[] {
  const due = moments.filter((at) => at <= passed);
  moments.splice(0, moments.length, ...moments.filter((at) => at > passed));
  return due;
}

test("cut off at any call, it goes on with the next invocation, and no delivery is refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom("before" as const, "after" as const)),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      async (cuts) => {
        const own = await startRotation();
        try {
          own.container();
          for (const [call, reach] of cuts) {
            await own.cutOff(call, reach);
            await own.deliver();
          }
          await own.pass(10_000);
          expect(await own.rotate()).toMatchObject({ ok: true, rotation: "done" });
          expectRotated(own);
        } finally {
          await own.close();
        }
      },
    ),
    { numRuns: 40 },
  );
});
