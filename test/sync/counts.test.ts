import { expect, test } from "vitest";
import { addCounts, countMetrics, total, zeroCounts } from "../../lib/sync/counts.ts";

test("what another part of the work did is added, as far as both count it", () => {
  const [counts, more] = [zeroCounts(), zeroCounts(true)];
  counts.user.created = 2;
  Object.assign(more.user, { created: 3, failed: 1 });
  const files = { ...more["gitops-file"], seen: 7 } as NonNullable<(typeof more)["gitops-file"]>;
  more["gitops-file"] = files;
  addCounts(counts, more);
  expect([counts.user.created, counts.user.failed, "gitops-file" in counts]).toEqual([5, 1, false]);
  addCounts(more, counts);
  expect([more.user.created, more.user.failed, more["gitops-file"]?.seen]).toEqual([8, 2, 7]);
});

test("a total is over all kinds that are counted", () => {
  const counts = zeroCounts(true);
  counts.project.created = 1;
  counts["pull-request"].created = 2;
  expect(total(counts, "created")).toBe(3);
  Object.assign(counts["gitops-entity"] ?? {}, { created: 4 });
  expect([total(counts, "created"), total(zeroCounts(), "created")]).toEqual([7, 0]);
});

test("a file's fault is a metric of its own, and no failure", () => {
  const counts = zeroCounts(true);
  counts.repository.failed = 1;
  Object.assign(counts["gitops-file"] ?? {}, { failed: 2 });
  expect(countMetrics(counts)).toMatchObject({ failed: 1, gitopsFaults: 2 });
  expect(countMetrics(zeroCounts())).toMatchObject({ failed: 0, gitopsFaults: 0 });
});
