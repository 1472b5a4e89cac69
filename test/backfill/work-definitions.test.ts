import { expect, test } from "vitest";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { workOnDefinitions } from "../../lib/backfill/work-definitions.ts";

const minute = 60_000;

function contextWith(swept: object[], problems: string[] = []): BackfillContext {
  const sweep = async (options: object) => {
    swept.push(options);
    return problems;
  };
  return {
    maxDeletePercent: 30,
    allowMassDelete: false,
    definitionFiles: { sweep },
  } as unknown as BackfillContext;
}

test("what a file let go of less than two minutes ago is left alone for the rest of them", async () => {
  const swept: object[] = [];
  const done = await workOnDefinitions("77", Date.now() - minute, contextWith(swept));
  expect(done).toMatchObject({ problems: [], more: [] });
  expect(done.waitMs).toBeGreaterThan(0);
  expect(done.waitMs).toBeLessThanOrEqual(minute);
  expect(swept).toEqual([]);
});

test("after that it is swept, within the limit of deletions, and what is wrong is told", async () => {
  const swept: object[] = [];
  const done = await workOnDefinitions("77", Date.now() - 3 * minute, contextWith(swept, ["too much"]));
  expect(done).toEqual({ problems: ["too much"], more: [] });
  expect(swept).toEqual([{ only: "77", maxDeletePercent: 30, allowMassDelete: false }]);
});

test("where files are not looked for any more, the message is done", async () => {
  const { definitionFiles: _, ...context } = contextWith([]);
  expect(await workOnDefinitions("77", 0, context)).toEqual({ problems: [], more: [] });
});
