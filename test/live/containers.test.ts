import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
beforeEach(async () => {
  truth = await startTruth({ bitbucket: { reviewsUpdate: false } });
  await truth.run();
  expect(truth.wrong()).toEqual([]);
  truth.bitbucket.calls.length = 0;
});
afterEach(() => truth.close());

const pull = ["MOPP", "data-analyses", 1] as const;
type Bitbucket = Truth["bitbucket"];

/** What happens to one object, event by event. */
const stories: readonly (readonly [name: string, story: (bitbucket: Bitbucket) => object[]])[] = [
  [
    "comments",
    (it) => [
      it.comment(pull, "bo.cedar", "one"),
      it.comment(pull, "admin", "two"),
      it.comment(pull, "ada.birch", "three"),
    ],
  ],
  [
    "approvals",
    (it) => [
      it.review(pull, "ada.birch", "APPROVED"),
      it.review(pull, "bo.cedar", "NEEDS_WORK"),
      it.review(pull, "ada.birch", "UNAPPROVED"),
    ],
  ],
  [
    "a comment, other reviewers and a merge",
    (it) => [
      it.comment(pull, "bo.cedar", "one"),
      it.setReviewers(pull, ["admin"]),
      it.mergePullRequest(pull),
    ],
  ],
  [
    "edits, one of them taken back",
    (it) => [
      it.updatePullRequest(pull, { title: "One" }),
      it.updatePullRequest(pull, { title: "Two" }),
      it.updatePullRequest(pull, { title: "One" }),
    ],
  ],
  [
    "an edit and the deletion",
    (it) => [
      it.updatePullRequest(pull, { title: "One" }),
      it.comment(pull, "bo.cedar", "one"),
      it.deletePullRequest(pull),
    ],
  ],
  [
    "changes of a repository",
    (it) => [
      it.updateRepository("MOPP", "data-analyses", { description: "One" }),
      it.updateRepository("MOPP", "data-analyses", { description: "Two" }),
      it.updateRepository("MOPP", "data-analyses", { description: "Three", public: true }),
    ],
  ],
  [
    "changes of a repository and a push between them",
    (it) => [
      it.updateRepository("MOPP", "data-analyses", { description: "One" }),
      it.push("MOPP", "data-analyses"),
      it.updateRepository("MOPP", "data-analyses", { description: "Two" }),
    ],
  ],
  [
    "changes of a project",
    (it) => [
      it.updateProject("MOPP", { description: "One" }),
      it.updateProject("MOPP", { description: "Two", public: true }),
      it.updateProject("MOPP", { description: "One" }),
    ],
  ],
];
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

describe.each(stories)("%s", (_, story) => {
  describe.each(orders)("heard of in the order %i, %i, %i", (...order) => {
    const events = () => {
      const all = story(truth.bitbucket);
      return order.map((at) => all[at] ?? {});
    };

    test("end right by containers that know nothing of each other", async () => {
      for (const event of events()) expect(await truth.container()(event)).toEqual([{ type: "done" }]);
      expect(truth.wrong()).toEqual([]);
    });

    test("end right by one container, and by two that take turns, and doubled", async () => {
      const [one, two] = [truth.container(), truth.container()];
      const all = events();
      for (const event of all) expect(await one(event)).toEqual([{ type: "done" }]);
      expect(truth.wrong()).toEqual([]);
      for (const [at, event] of all.toReversed().entries()) await (at % 2 === 0 ? two : one)(event);
      expect(truth.wrong()).toEqual([]);
    });

    test("end right in one batch, with one question for each object", async () => {
      const outcomes = await truth.container()(...events());
      expect(outcomes.map(({ type }) => type)).toEqual(["done", "done", "done"]);
      expect(truth.wrong()).toEqual([]);
      const asked = truth.bitbucket.calls.filter(({ path }) =>
        /(\/pull-requests\/1|\/data-analyses|\/MOPP)$/.test(path),
      );
      expect(asked.length).toBeLessThanOrEqual(3);
    });
  });
});

test("ten events of one repository and one batch cost one question", async () => {
  const description = (at: number) => ({ description: `Change ${at}` });
  const events = Array.from({ length: 10 }, (_, at) =>
    truth.bitbucket.updateRepository("MOPP", "data-analyses", description(at)),
  );
  await truth.container()(...events);
  expect(truth.bitbucket.calls.map(({ path }) => path.split("/").at(-1))).toEqual(["data-analyses"]);
  expect(truth.wrong()).toEqual([]);
});

test("a change that a new container hears of waits while Bitbucket is away, and is as Bitbucket says then", async () => {
  const changed = truth.bitbucket.updateRepository("MOPP", "data-analyses", { description: "Heard" });
  truth.bitbucket.setIntercept(() => ({ status: 503, headers: { "retry-after": "60" }, body: "" }));
  const container = truth.container();
  expect(await container(changed)).toMatchObject([{ type: "retry", retryAfterMs: 60_000 }]);
  truth.bitbucket.setIntercept(undefined);
  truth.bitbucket.updateRepository("MOPP", "data-analyses", { description: "Later" });
  expect(await truth.container()(changed)).toEqual([{ type: "done" }]);
  expect(truth.wrong()).toEqual([]);
});

test.each([401, 403])("it is taken at its word where Bitbucket does not let us look (%i)", async (status) => {
  const changed = truth.bitbucket.updateRepository("MOPP", "data-analyses", { description: "Heard" });
  truth.bitbucket.setIntercept(() => ({ status, body: { errors: [] } }));
  expect(await truth.container()(changed)).toEqual([{ type: "done" }]);
  truth.bitbucket.setIntercept(undefined);
  expect(truth.wrong()).toEqual([]);
});

test("a push and a change in one batch bring README and description", async () => {
  const repository = truth.bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");
  repository?.files.set("README.md", "# Pushed\n");
  const pushed = truth.bitbucket.push("MOPP", "data-analyses");
  const changed = truth.bitbucket.updateRepository("MOPP", "data-analyses", { description: "Changed" });
  for (const events of [
    [pushed, changed],
    [changed, pushed],
  ]) {
    await truth.container()(...events);
    expect(truth.wrong()).toEqual([]);
  }
});
