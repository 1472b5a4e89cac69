import { beforeEach, expect, test, vi } from "vitest";
import type { BackfillContext } from "../../lib/backfill/context.ts";
import { workOnUsers } from "../../lib/backfill/work-users.ts";
import { RequestError } from "../../lib/errors.ts";
import type { Queue } from "../../lib/queue/queue.ts";
import { zeroCounts } from "../../lib/sync/counts.ts";
import { memorySync } from "../support/memory-sync.ts";

beforeEach(() => {
  vi.stubEnv("LOG_LEVEL", "error");
  return () => vi.unstubAllEnvs();
});

/** Works on the users of a Bitbucket that does not let us list them; files are swept where there are any. */
async function work(
  pending: number | Error,
  message: { last?: boolean } = {},
  minutesAgo = 0,
  hasFiles = true,
) {
  const swept: unknown[] = [];
  const sync = memorySync();
  const denied = new RequestError({ service: "bitbucket", operation: "GET users", status: 403 });
  const bitbucket = {
    ...sync.bitbucket,
    page: () => Promise.reject(denied),
    // biome-ignore lint/correctness/useYield: it ends before its first page
    async *pages() {
      throw denied;
    },
  };
  const sweep = async (options: unknown) => {
    swept.push(options);
    return ["swept"];
  };
  const context = {
    ...sync.context,
    bitbucket,
    bases: new Set(),
    notes: [],
    counts: zeroCounts(true),
    ...(hasFiles && { definitionFiles: { sweep } }),
  } as unknown as BackfillContext;
  const queue = {
    pending: async () => {
      if (pending instanceof Error) throw pending;
      return { waiting: 0, inFlight: pending };
    },
  } as unknown as Queue;
  const since = Date.now() - minutesAgo * 60_000;
  const done = await workOnUsers({ users: true, ...message } as never, since, queue, context);
  return { ...done, swept: swept.length };
}

test.each<[string, Parameters<typeof work>, object]>([
  ["alone, they are swept at once", [1], { more: [], swept: 1 }],
  [
    "with others in the queue, they are swept by a message of their own",
    [5],
    { more: [{ users: true, last: true }], swept: 0 },
  ],
  ["last, with others in the queue, they wait", [5, { last: true }], { more: [], swept: 0, waitMs: 30_000 }],
  ["last, after ten minutes, they wait no more", [5, { last: true }, 10], { more: [], swept: 1 }],
  [
    "where the queue does not say how much it holds, they are swept",
    [new Error("away")],
    { more: [], swept: 1 },
  ],
  ["without files nothing is swept", [5, {}, 0, false], { more: [], swept: 0 }],
])("what files define no more, and users: %s", async (_, options, expected) => {
  const done = await work(...options);
  expect(done).toMatchObject(expected);
  expect(done.problems.includes("swept")).toBe(done.swept === 1);
});
