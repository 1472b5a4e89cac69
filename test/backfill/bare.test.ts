import { afterEach, describe, expect, test } from "vitest";
import { startTruth, type Truth } from "../support/truth.ts";

let truth: Truth;
afterEach(() => truth.close());

const pull = ["MOPP", "data-analyses", 1] as const;

/** Entities that nobody ever filled in. */
function bare(): string[] {
  return ["bitbucketProject", "bitbucketUser", "bitbucketRepository", "bitbucketPullrequest"].flatMap(
    (blueprint) =>
      truth.live.simulator
        .entities(blueprint)
        .filter(({ properties }) =>
          Object.values(properties).every((value) => value === null || value === undefined),
        )
        .map(({ identifier }) => `${blueprint} ${identifier}`),
  );
}

/** What is wrong with what is there; README and latest commit come with a push or a run. */
function wrongThere(): string[] {
  return truth.wrong().filter((what) => !/^missing|documentation|latestCommitAuthor/.test(what));
}

/** Makes every blueprint want a property. */
function requireSomething(): void {
  for (const blueprint of truth.live.simulator.blueprints()) {
    const { schema } = blueprint as unknown as { schema: { properties: Record<string, unknown> } };
    const required = blueprint.identifier === "bitbucketUser" ? ["username"] : ["link"];
    truth.live.simulator.setBlueprint({ ...blueprint, schema: { ...schema, required } } as typeof blueprint);
  }
}

describe.each([false, true])("where Port refuses bare entities: %s", (bareNeedsRequired) => {
  async function start(): Promise<void> {
    truth = await startTruth({ port: { bareNeedsRequired }, bitbucket: { reviewsUpdate: false } });
    if (bareNeedsRequired) requireSomething();
  }

  test("the first event of all leaves nothing bare", async () => {
    await start();
    const events = [
      truth.bitbucket.comment(pull, "bo.cedar", "one"),
      truth.bitbucket.push("SHOP", "data-analyses"),
    ];
    for (const event of events) expect(await truth.container()(event)).toEqual([{ type: "done" }]);
    expect(bare()).toEqual([]);
    expect(wrongThere()).toEqual([]);
  });

  test("a late event with a participant who came since leaves nobody bare", async () => {
    await start();
    const late = truth.bitbucket.updatePullRequest(pull, { title: "Late" });
    truth.bitbucket.comment(pull, "admin", "since");
    truth.bitbucket.setReviewers(pull, ["bo.cedar"]);
    expect(await truth.container()(late)).toEqual([{ type: "done" }]);
    expect(bare()).toEqual([]);
    expect(wrongThere()).toEqual([]);
  });

  test("what was lost from Port is made again, filled in, by whoever comes next", async () => {
    await start();
    const warm = truth.container();
    await warm(truth.bitbucket.comment(pull, "bo.cedar", "one"));
    for (const [blueprint, identifier] of [
      ["bitbucketUser", "bo.cedar@example.org"],
      ["bitbucketRepository", "MOPP/data-analyses"],
      ["bitbucketProject", "MOPP"],
    ] as const)
      truth.live.simulator.remove(blueprint, identifier);
    expect(await warm(truth.bitbucket.updatePullRequest(pull, { title: "Again" }))).toEqual([
      { type: "done" },
    ]);
    expect(bare()).toEqual([]);
    expect(wrongThere()).toEqual([]);
  });

  test("one participant whom Port refuses costs the pull request nothing else", async () => {
    await start();
    const event = truth.bitbucket.comment(pull, "bo.cedar", "one");
    truth.live.simulator.setIntercept(({ path, body }) =>
      path.endsWith("/bitbucketUser/entities/bulk") && JSON.stringify(body).includes("bo.cedar")
        ? { status: 422, body: { ok: false, error: "invalid_request", message: "no" } }
        : undefined,
    );
    expect(await truth.container()(event)).toEqual([{ type: "done" }]);
    expect(truth.ids("bitbucketPullrequest")).toEqual(["MOPP/data-analyses/1"]);
    expect(bare()).toEqual([]);
    truth.live.simulator.setIntercept(undefined);
    expect((await truth.run()).problems).toEqual([]);
    expect(truth.wrong()).toEqual([]);
  });
});

test("bare entities that were there are filled in by the event that names them", async () => {
  truth = await startTruth();
  const { put } = truth.live.simulator;
  const bareOf = (identifier: string) => ({ identifier, title: identifier, properties: {} });
  put("bitbucketProject", bareOf("MOPP"));
  put("bitbucketUser", bareOf("admin@example.org"));
  put("bitbucketRepository", bareOf("MOPP/data-analyses"));
  expect(await truth.container()(truth.bitbucket.comment(pull, "admin", "Here"))).toEqual([{ type: "done" }]);
  expect(bare()).toEqual([]);
  expect(wrongThere()).toEqual([]);
});

test.each(["command", "messages"])(
  "bare entities that were there are filled in by a run (%s)",
  async (by) => {
    truth = await startTruth();
    const { put } = truth.live.simulator;
    put("bitbucketProject", { identifier: "MOPP", title: "MOPP", properties: {} });
    put("bitbucketUser", { identifier: "admin@example.org", title: "admin@example.org", properties: {} });
    put("bitbucketRepository", {
      identifier: "MOPP/data-analyses",
      title: "MOPP/data-analyses",
      properties: {},
    });
    put("bitbucketPullrequest", {
      identifier: "MOPP/data-analyses/1",
      title: "MOPP/data-analyses/1",
      properties: {},
    });
    await (by === "command" ? truth.run() : truth.messages());
    expect(bare()).toEqual([]);
    expect(truth.wrong()).toEqual([]);
  },
);
