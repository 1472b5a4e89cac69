import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { withoutWrites } from "../../lib/port/dry-run.ts";
import { type GitopsHarness, startGitops } from "../support/gitops.ts";

let gitops: GitopsHarness;
beforeEach(async () => {
  const data = demoData({ projects: 1, repositoriesPerProject: 2, pullRequestsPerRepository: 1, users: 1 });
  gitops = await startGitops({ bitbucket: { data } });
});
afterEach(() => gitops.close());

const slugs = () => [...(gitops.bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [])];
const slug = (index = 0) => slugs()[index] ?? "";
const commit = (changes: Record<string, string | null>, index = 0) =>
  gitops.bitbucket.commit("MOPP", slug(index), changes);
const record = (path = "port.yml", index = 0) =>
  gitops.entity("bitbucketPortFile", `MOPP/${slug(index)}:${path}`)?.properties;

const two = `
- identifier: pay
  blueprint: service
  properties: { tier: gold, url: "https://pay.example.org" }
  relations: { team: money, uses: [mail] }
- identifier: money
  blueprint: team
  title: Money
  properties: { name: Money }
- identifier: mail
  blueprint: service
  relations: { uses: [pay] }
`;

const ways = {
  "a backfill": async (_payload: object) => {
    const { problems } = await gitops.backfill();
    return problems;
  },
  "a push": async (payload: object) => {
    const outcomes = await gitops.heard([payload]);
    return outcomes.filter((outcome) => outcome !== "done");
  },
};

describe.each(Object.entries(ways))("by %s", (_, arrive) => {
  test("what a file defines is there, with relations forward and in circles", async () => {
    expect(await arrive(commit({ "port.yml": two }))).toEqual([]);
    expect(gitops.entity("service", "pay")).toMatchObject({
      title: "pay",
      properties: { tier: "gold", url: "https://pay.example.org" },
      relations: { team: "money", uses: ["mail"] },
    });
    expect(gitops.entity("service", "mail")?.relations).toMatchObject({ uses: ["pay"] });
    expect(gitops.entity("team", "money")).toMatchObject({ title: "Money", properties: { name: "Money" } });
    expect(record()).toMatchObject({
      status: "OK",
      path: "port.yml",
      entities: ["service:pay", "team:money", "service:mail"],
      created: ["service:pay", "team:money", "service:mail"],
    });
  });

  test("a property and a relation that are taken out are cleared, what the file never named stays", async () => {
    await arrive(commit({ "port.yml": two }));
    const { simulator } = gitops.world.live;
    const pay = gitops.entity("service", "pay");
    simulator.put("service", {
      identifier: "pay",
      title: "Payments",
      properties: { ...pay?.properties, contacts: ["a"] },
      relations: pay?.relations ?? {},
    } as never);
    expect(
      await arrive(commit({ "port.yml": two.replace("tier: gold, ", "").replace("team: money, ", "") })),
    ).toEqual([]);
    const now = gitops.entity("service", "pay");
    expect(now?.title).toBe("Payments");
    expect(now?.properties).toMatchObject({ contacts: ["a"], url: "https://pay.example.org" });
    expect(now?.properties["tier"] ?? null).toBeNull();
    expect(now?.relations["team"] ?? null).toBeNull();
  });

  test("a title, an icon and a team that are taken out are cleared, and those that the file never named stay", async () => {
    const entry = (identifier: string, more = "") =>
      `- { identifier: ${identifier}, blueprint: service${more} }\n`;
    const all = ", title: Pay, icon: Bank, team: money";
    const { simulator } = gitops.world.live;
    for (const identifier of ["there", "other"])
      simulator.put("service", { identifier, title: "By hand", icon: "Hand", team: ["hands"] });
    await arrive(commit({ "port.yml": entry("pay", all) + entry("there", all) + entry("other") }));
    for (const identifier of ["pay", "there"])
      expect(gitops.entity("service", identifier)).toMatchObject({
        title: "Pay",
        icon: "Bank",
        team: ["money"],
      });
    await arrive(commit({ "port.yml": entry("pay") + entry("other") }));
    for (const identifier of ["pay", "there"]) {
      expect(gitops.entity("service", identifier)).toMatchObject({ title: identifier, team: [] });
      expect(gitops.entity("service", identifier)?.icon).toBeUndefined();
    }
    expect(gitops.entity("service", "other")).toMatchObject({
      title: "By hand",
      icon: "Hand",
      team: ["hands"],
    });
    const { updatedAt } = gitops.entity("service", "pay") ?? {};
    await arrive(commit({ "port.yml": entry("pay") + entry("other"), "README.md": "more" }));
    expect(gitops.entity("service", "pay")?.updatedAt).toBe(updatedAt);
  });

  test("what was there before is enriched, and stays when the file lets go of it", async () => {
    const { simulator } = gitops.world.live;
    simulator.put("service", {
      identifier: "pay",
      title: "Payments",
      properties: { tier: "silver", contacts: ["a"] },
      relations: {},
    } as never);
    await arrive(commit({ "port.yml": two }));
    expect(record()).toMatchObject({ created: ["team:money", "service:mail"] });
    expect(gitops.entity("service", "pay")).toMatchObject({
      title: "Payments",
      properties: { tier: "gold" },
    });
    await arrive(commit({ "port.yml": "[]" }));
    await gitops.backfill({ allowMassDelete: true });
    expect(gitops.identifiers("service")).toEqual(["pay"]);
    expect(gitops.identifiers("team")).toEqual([]);
    expect(gitops.entity("service", "pay")?.properties["tier"] ?? null).toBeNull();
    expect(gitops.entity("service", "pay")?.properties["contacts"]).toEqual(["a"]);
  });

  test("what two repositories define belongs to the first, and to the second when the first lets go of it", async () => {
    await arrive(commit({ "port.yml": two }));
    await arrive(commit({ "port.yml": two.replace("tier: gold", "tier: silver") }, 1));
    expect(gitops.entity("service", "pay")?.properties["tier"]).toBe("gold");
    expect(record("port.yml", 1)).toMatchObject({
      status: "FAULT",
      waiting: expect.arrayContaining(["service:pay"]),
    });
    expect(record("port.yml", 1)?.["problems"]).toContain(`MOPP/${slug(0)}:port.yml`);
    await arrive(commit({ "port.yml": null }));
    await gitops.backfill({ allowMassDelete: true });
    expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
    expect(gitops.entity("service", "pay")?.properties["tier"]).toBe("silver");
    expect(record("port.yml", 1)).toMatchObject({
      status: "OK",
      created: expect.arrayContaining(["service:pay"]),
    });
    expect(record("port.yml", 0)).toBeUndefined();
    await arrive(commit({ "port.yml": null }, 1));
    await gitops.backfill({ allowMassDelete: true });
    expect(gitops.identifiers("service")).toEqual([]);
    expect(gitops.identifiers("bitbucketPortFile").filter((name) => name.includes("/"))).toEqual([]);
  });

  test("a file with a fault keeps what it had, and is mended by the next push", async () => {
    await arrive(commit({ "port.yml": two }));
    await arrive(commit({ "port.yml": `${two}\n  broken: [` }));
    expect(record()).toMatchObject({ status: "FAULT" });
    await gitops.backfill({ allowMassDelete: true });
    expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
    await arrive(commit({ "port.yml": two }));
    expect(record()).toMatchObject({ status: "OK" });
    expect(record()?.["problems"] ?? null).toBeNull();
  });

  test("a repository that is renamed takes its records along and nothing is deleted", async () => {
    await arrive(commit({ "port.yml": two }));
    const old = slug();
    const renamed = gitops.bitbucket.updateRepository("MOPP", old, {
      name: "fresh name",
      slug: "fresh-name",
    } as never);
    await arrive(renamed);
    await gitops.backfill();
    expect(gitops.identifiers("bitbucketPortFile")).toEqual(["MOPP/fresh-name:port.yml"]);
    expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
  });
});

test("a repository that is deleted takes what was made from its files along, with a backfill", async () => {
  commit({ "port.yml": two });
  await gitops.backfill();
  gitops.bitbucket.deleteRepository("MOPP", slug());
  await gitops.backfill();
  expect(gitops.identifiers("service")).toEqual([]);
  expect(gitops.identifiers("bitbucketPortFile")).toEqual([]);
});

test("a backfill of what did not change costs Bitbucket no call, Port two, and writes nothing", async () => {
  for (const index of [0, 1])
    commit({ "port.yml": two.replaceAll(/pay|money|mail/g, (name) => `${name}-${index}`) }, index);
  const measured = async (run: () => Promise<unknown>) => {
    const [bitbucket, port] = [gitops.bitbucket.calls.length, gitops.world.live.simulator.calls.length];
    await run();
    return [gitops.bitbucket.calls.length - bitbucket, gitops.world.live.simulator.calls.length - port];
  };
  await gitops.backfill();
  await gitops.backfill();
  const [without = [], withFiles = []] = [
    await measured(() => gitops.world.run()),
    await measured(() => gitops.backfill()),
  ];
  expect(withFiles[0]).toBe(without[0]);
  expect((withFiles[1] ?? 0) - (without[1] ?? 0)).toBeLessThanOrEqual(2);
});

test("a dry run names what would be made, changed and deleted, once each, and does none of it", async () => {
  commit({ "port.yml": two });
  const dry = async () => {
    const named: string[] = [];
    const port = withoutWrites(gitops.world.live.context.port);
    const report = (what: string, _: string, identifier: string) => named.push(`${what} ${identifier}`);
    const { problems } = await gitops.backfill({ dryRun: true, port, report });
    expect(problems).toEqual([]);
    return named.filter((name) => /service|team|port\.yml/.test(name)).toSorted();
  };
  const file = `MOPP/${slug()}:port.yml`;
  const all = ["service:mail", "service:pay", "team:money"];
  expect(await dry()).toEqual([...all, file].map((name) => `created ${name}`).toSorted());
  expect(gitops.identifiers("service")).toEqual([]);
  await gitops.backfill();
  expect(await dry()).toEqual([]);
  commit({ "port.yml": "identifier: pay\nblueprint: service\nproperties: { tier: silver }" });
  expect(await dry()).toEqual(
    ["deleted service:mail", "deleted team:money", "updated service:pay", `updated ${file}`].toSorted(),
  );
  expect(gitops.identifiers("service").toSorted()).toEqual(["mail", "pay"]);
});
