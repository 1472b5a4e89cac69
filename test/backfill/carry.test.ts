import { expect, test } from "vitest";
import { carry, restore } from "../../lib/backfill/carry.ts";
import type { Removal } from "../../lib/sync/removal.ts";
import { memoryMapper } from "../support/memory-sync.ts";

const removal = (id: number, more: Partial<Removal> = {}): Removal => {
  const address = { kind: "pull-request", key: "PRJ", slug: "app", id } as const;
  return {
    kind: "pull-request",
    blueprint: "bitbucketPullrequest",
    identifier: `PRJ/app/${id}`,
    address,
    base: "https://bitbucket.example.org",
    createdDate: 5,
    roles: {},
    witness: address,
    linked: true,
    ...more,
  };
};
const cursor = { start: 25, after: "app" };

test("what is gone comes back from a message, with what the mapping says of it", () => {
  const superseded = removal(2, { witness: undefined });
  const work = carry({ cursor, gone: [removal(1), superseded] });
  expect([work.cursor, work.dropped]).toEqual([cursor, undefined]);
  const roles = { version: "updated_on", created: "created_on", link: "link", state: "state" };
  const context = { mapper: memoryMapper() };
  expect(restore(work.gone, context)).toEqual([
    { ...removal(1), roles },
    { ...superseded, roles },
  ]);
  // As messages of an older version say nothing of it.
  const [{ superseded: _, ...older } = work.gone[0] as never] = work.gone;
  expect(restore([older], context)).toEqual([{ ...removal(1), roles }]);
});

test("what the mapping does not make any more does not come back", () => {
  const { gone } = carry({ cursor, gone: [removal(1), removal(2, { blueprint: "other" })] });
  const restored = restore(gone, { mapper: memoryMapper() });
  expect(restored.map(({ identifier }) => identifier)).toEqual(["PRJ/app/1"]);
});

test.each<[string, Partial<Removal>]>([
  ["of a user", { kind: "user" }],
  ["at a user's address", { address: { kind: "user", slug: "ann" } }],
  ["without what links begin with", { base: undefined }],
])("an entity %s is left to the next run", (_, odd) => {
  expect(carry({ cursor, gone: [removal(1, odd), removal(2)] }).gone).toMatchObject([
    { identifier: "PRJ/app/2" },
  ]);
});

test.each([undefined, 7])("no more is carried than a message takes, and the rest is counted", (dropped) => {
  const gone = Array.from({ length: 5 }, (_, id) =>
    removal(id, { identifier: `${id}-${"x".repeat(300_000)}` }),
  );
  const work = carry({ cursor, gone, dropped });
  expect(work.gone.map(({ address }) => "id" in address && address.id)).toEqual([0, 1, 2]);
  expect(work.dropped).toBe((dropped ?? 0) + 2);
});
