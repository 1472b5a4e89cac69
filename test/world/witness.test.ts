import { describe, expect, it } from "vitest";
import type { Plant } from "./cast.ts";
import { fieldsOf } from "./catalog.ts";
import { usualFaults } from "./faults.ts";
import { perfectPost } from "./post.ts";
import { trueMachine } from "./true-machine.ts";
import { runWorld, type WorldOptions } from "./world.ts";

const none = { ...usualFaults, share: 0, spellShare: 0 };
/** Nothing is lost, nothing fails, no address changes and nobody leaves. */
const calm: WorldOptions = {
  seed: 2,
  moved: "404",
  kind: "plain",
  seconds: 30,
  post: perfectPost,
  faults: none,
  backfills: false,
};

const kindsOf = async (plant: WorldOptions["plant"]) =>
  (await runWorld({ ...calm, ...(plant && { plant }) })).violations.map(({ kind, key }) => `${kind} ${key}`);

/** A pull request whose title was changed, and what it was before. */
const edited: (...args: Parameters<Plant>) => { key: string; id: string; old: string } = (_, { history }) => {
  for (const key of history.keys()) {
    const titles = history.states(key).flatMap(({ entity }) => (entity ? [entity.fields["title"]] : []));
    const [old] = titles;
    if (key.startsWith("bitbucketPullrequest") && new Set(titles).size > 1)
      return { key, id: key.split(" ")[1] ?? "", old: String(old) };
  }
  throw new Error("no title was changed");
};

const retitle: (title: (old: string) => string) => Plant = (title) => (port, witness) => {
  const { id, old } = edited(port, witness);
  const entity = port.entity("bitbucketPullrequest", id);
  if (entity !== undefined) port.put("bitbucketPullrequest", { ...entity, title: title(old) });
};

describe("the witness", () => {
  it.each([1, 2, 3])("has nothing to say of a calm world (seed %d)", async (seed) => {
    const { violations, text, counts } = await runWorld({ ...calm, seed, seconds: 60 });
    expect(violations, text).toEqual([]);
    expect(counts["events"]).toBeGreaterThan(80);
    expect(counts["writes"]).toBeGreaterThan(80);
  });

  it.each([
    [1, "all"],
    [2, "all"],
    [3, "personal"],
    [4, "broken"],
    [5, "nobody"],
  ] as const)("has nothing to say of one who always tells what is true (seed %d, %s)", async (seed, kind) => {
    const { violations, text } = await runWorld({ seed, kind, moved: "404", machine: trueMachine });
    expect(violations, text.slice(0, 3_000)).toEqual([]);
  });

  it("sees the same when a seed is run again", async () => {
    const rough: WorldOptions = { seed: 5, moved: "follow", seconds: 40 };
    const [one, other] = [await runWorld(rough), await runWorld(rough)];
    expect(other.counts).toEqual(one.counts);
    expect(other.violations).toHaveLength(one.violations.length);
  });

  it("sees a deletion of what is there", async () => {
    let id = "";
    const early: Plant = (port, witness) => {
      id = edited(port, witness).id;
      port.remove("bitbucketPullrequest", id);
    };
    expect(await kindsOf({ early })).toEqual([`deleted though there bitbucketPullrequest ${id}`]);
  });

  it.each([
    ["what was true before", "regression", (old: string) => old],
    ["what was never true", "never true", () => "made up"],
  ])("sees a write of %s", async (_, kind, title) => {
    expect(await kindsOf({ early: retitle(title) })).toEqual([
      expect.stringMatching(new RegExp(`^${kind} bitbucketPullrequest`)),
    ]);
  });

  it("sees what is wrong at the end", async () => {
    const late: Plant = (port, witness) => {
      retitle(() => "made up")(port, witness);
      port.remove("bitbucketUser", "person-2@example.org");
      port.put("bitbucketUser", { identifier: "nobody@example.org" });
      port.put("bitbucketProject", { identifier: "APP" });
    };
    const found = await kindsOf({ late });
    expect(found).toEqual(
      expect.arrayContaining([
        "missing bitbucketUser person-2@example.org",
        "extra bitbucketUser nobody@example.org",
        "bare bitbucketProject APP",
        expect.stringMatching(/^differs bitbucketPullrequest/),
      ]),
    );
  });

  it("does not mind what nobody sees", async () => {
    const late: Plant = (port) => {
      for (const entity of port.entities("bitbucketUser")) {
        expect(fieldsOf(entity)["title"]).toBeDefined();
        port.put("bitbucketUser", entity);
      }
    };
    expect(await kindsOf({ late })).toEqual([]);
  });
});
