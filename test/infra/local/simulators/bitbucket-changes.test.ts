import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type BitbucketSimulator,
  demoData,
  type PullRequest,
} from "../../../../infra/local/simulators/bitbucket/server.ts";
import { type Body, type Client, started } from "./bitbucket-support.ts";

let bitbucket: BitbucketSimulator;
let call: Client;
const now = 1_750_000_000_000;

beforeEach(async () => {
  ({ bitbucket, call } = await started({ now: () => now }));
});
afterEach(() => bitbucket.close());

const name = ["MOPP", "data-analyses", 1] as const;
const path = "projects/MOPP/repos/data-analyses/pull-requests";
const pull = async (id = 1): Promise<Body> => (await call("GET", `${path}/${id}`)).body;
const model = () => bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses");

describe("a change to a pull request", () => {
  it("shows in the API just as its payload says", async () => {
    const payload = bitbucket.createPullRequest("MOPP", "data-analyses", {
      title: "new",
      author: "bo.cedar",
      reviewers: ["ada.birch"],
      from: ["~ADA.BIRCH", "data-analyses"],
    });
    expect(payload).toMatchObject({
      eventKey: "pr:opened",
      date: "2025-06-15T15:06:40+0000",
      actor: { slug: "admin" },
    });
    expect(payload["pullRequest"]).toEqual(await pull(6));
    expect(await pull(6)).toMatchObject({
      version: 0,
      state: "OPEN",
      author: { user: { slug: "bo.cedar" } },
      reviewers: [{ role: "REVIEWER", user: { slug: "ada.birch" } }],
      fromRef: { repository: { project: { key: "~ADA.BIRCH" } } },
    });
  });

  it("raises the version when it is an edit, and is always later than the one before", async () => {
    const before = await pull();
    const payloads = [
      bitbucket.updatePullRequest(name, { title: "better", toBranch: "release" }),
      bitbucket.setReviewers(name, ["cleo.dogwood"]),
      bitbucket.mergePullRequest(name),
    ];
    const versions = payloads.map(({ pullRequest }) => (pullRequest as Body).version - before.version);
    expect(versions).toEqual([1, 2, 3]);
    const dates = payloads.map(({ pullRequest }) => (pullRequest as Body).updatedDate);
    expect(dates).toEqual([now, now + 1, now + 2]);
    expect(payloads[0]).toMatchObject({
      eventKey: "pr:modified",
      previousTitle: before.title,
      previousTarget: { displayId: "main" },
    });
    expect(payloads[1]).toMatchObject({
      eventKey: "pr:reviewer:updated",
      addedReviewers: [{ slug: "cleo.dogwood" }],
    });
    expect(payloads[2]?.["pullRequest"]).toEqual(await pull());
    expect(await pull()).toMatchObject({
      state: "MERGED",
      closedDate: now + 2,
      properties: { mergeCommit: {} },
    });
  });

  it("may be a push, a review or a comment", async () => {
    const { fromRef } = await pull();
    const pushed = bitbucket.pushToPullRequest(name);
    expect(pushed).toMatchObject({ eventKey: "pr:from_ref_updated", previousFromHash: fromRef.latestCommit });
    const reviewed = bitbucket.review(name, "bo.cedar", "NEEDS_WORK");
    expect(reviewed).toMatchObject({
      eventKey: "pr:reviewer:needs_work",
      participant: { status: "NEEDS_WORK" },
    });
    const commented = bitbucket.comment(name, "dev.elm", "why?");
    expect(commented).toMatchObject({
      eventKey: "pr:comment:added",
      comment: { text: "why?", author: { slug: "dev.elm" } },
      pullRequest: { participants: [{ role: "PARTICIPANT", user: { slug: "dev.elm" } }] },
    });
  });

  it("may end it: a deleted one is 404, and its number is not given again", async () => {
    bitbucket.createPullRequest("MOPP", "data-analyses");
    expect(bitbucket.declinePullRequest(["MOPP", "data-analyses", 6])).toMatchObject({
      eventKey: "pr:declined",
      pullRequest: { state: "DECLINED", open: false },
    });
    expect(bitbucket.deletePullRequest(["MOPP", "data-analyses", 6]).eventKey).toBe("pr:deleted");
    expect((await call("GET", `${path}/6`)).status).toBe(404);
    expect(bitbucket.createPullRequest("MOPP", "data-analyses")).toMatchObject({ pullRequest: { id: 7 } });
  });
});

describe("a change to a repository or a project", () => {
  it("renames a repository and all that is in it", async () => {
    const payload = bitbucket.renameRepository("MOPP", "data-analyses", "Data Science");
    expect(payload).toMatchObject({
      eventKey: "repo:modified",
      old: {
        slug: "data-analyses",
        links: { self: [{ href: expect.stringMatching(/data-science\/browse$/) }] },
      },
      new: { slug: "data-science", name: "Data Science" },
    });
    expect((await call("GET", "projects/MOPP/repos/data-analyses")).status).toBe(404);
    const { body } = await call("GET", "projects/MOPP/repos/data-science/pull-requests/1");
    expect(body.links.self[0].href).toMatch(/data-science\/pull-requests\/1$/);
  });

  it("moves a repository", async () => {
    bitbucket.createRepository("MOPP", { name: "lonely" });
    const payload = bitbucket.moveRepository("MOPP", "lonely", "SHOP");
    expect(payload).toMatchObject({ old: { project: { key: "MOPP" } }, new: { project: { key: "SHOP" } } });
  });

  it("gives a project another key", async () => {
    const payload = bitbucket.updateProject("MOPP", { key: "MINE" });
    expect(payload).toMatchObject({
      eventKey: "project:modified",
      old: { key: "MOPP" },
      new: { key: "MINE" },
    });
    expect((await call("GET", "projects/MINE/repos/data-analyses")).body.project.key).toBe("MINE");
  });

  it("deletes without a word", async () => {
    bitbucket.deleteRepository("MOPP", "data-analyses");
    expect((await call("GET", "projects/MOPP/repos/data-analyses")).status).toBe(404);
    bitbucket.deleteProject("MOPP");
    expect((await call("GET", "projects/MOPP")).status).toBe(404);
  });

  it("pushes a commit, the first one too", async () => {
    expect(bitbucket.push("SHOP", "drawing-board")).toMatchObject({ changes: [{ type: "ADD" }] });
    const payload = bitbucket.push("MOPP", "data-analyses", "hello");
    expect(payload).toMatchObject({
      eventKey: "repo:refs_changed",
      changes: [{ refId: "refs/heads/main", type: "UPDATE" }],
    });
    const { body } = await call("GET", "projects/MOPP/repos/data-analyses/commits?limit=1");
    expect(body.values[0]).toEqual(payload["toCommit"]);
  });

  it("forks and creates", async () => {
    bitbucket.createProject({ key: "NEW", name: "New" });
    bitbucket.createRepository("NEW", { name: "First Try" });
    const payload = bitbucket.forkRepository("MOPP", "pipeline-tools", "NEW");
    expect(payload).toMatchObject({
      eventKey: "repo:forked",
      repository: { origin: { slug: "pipeline-tools" } },
    });
    const { body } = await call("GET", "projects/NEW/repos");
    expect(body.values.map(({ slug }: Body) => slug)).toEqual(["first-try", "pipeline-tools"]);
  });
});

it("lets the model be changed by hand", async () => {
  (model()?.pullRequests.get(1) as PullRequest).state = "DECLINED";
  expect((await pull()).state).toBe("DECLINED");
});

it("has the same demo data every time, of the sizes asked for", () => {
  expect(demoData()).toEqual(demoData());
  const data = demoData({ projects: 3, repositoriesPerProject: 4, pullRequestsPerRepository: 6, users: 9 });
  const projects = [...data.projects.values()].filter(({ type }) => type === "NORMAL");
  expect(projects.map(({ repositories }) => repositories.size)).toEqual([4, 4, 4]);
  expect(
    projects.flatMap(({ repositories }) => [...repositories.values()]).map((one) => one.pullRequests.size),
  ).toEqual(Array(12).fill(6));
  const { users } = data;
  expect(users).toHaveLength(9);
  expect(users.every(({ emailAddress = "@example.org" }) => emailAddress.endsWith("@example.org"))).toBe(
    true,
  );
});
