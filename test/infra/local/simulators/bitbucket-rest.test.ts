import { afterEach, describe, expect, it } from "vitest";
import {
  type BitbucketSimulator,
  type BitbucketSimulatorOptions,
  demoData,
} from "../../../../infra/local/simulators/bitbucket/server.ts";
import { allPages, type Body, basic, bearer, type Client, started } from "./bitbucket-support.ts";

let bitbucket: BitbucketSimulator;
let call: Client;
const start = async (options: BitbucketSimulatorOptions = {}) => {
  ({ bitbucket, call } = await started(options));
};
afterEach(() => bitbucket.close());

const repository = "projects/MOPP/repos/data-analyses";
const exception = ({ body }: { body: Body }) => body.errors[0].exceptionName;

describe("projects and repositories", () => {
  it("list those that are not personal, under the context path", async () => {
    await start({ contextPath: "/bitbucket" });
    expect(bitbucket.url).toMatch(/\/bitbucket$/);
    const { body } = await call("GET", "projects");
    expect(body.values.map(({ key }: Body) => key)).toEqual(["MOPP", "SHOP"]);
    expect(body.values[0]).toMatchObject({
      public: false,
      type: "NORMAL",
      links: { self: [{ href: `${bitbucket.url}/projects/MOPP` }] },
    });
    expect((await fetch(bitbucket.url.replace("/bitbucket", "/rest/api/1.0/projects"))).status).toBe(404);
  });

  it("answer a personal project by its key in either case", async () => {
    await start();
    for (const key of ["~ada.birch", "~ADA.BIRCH"]) {
      const { status, body } = await call("GET", `projects/${key}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ key: "~ADA.BIRCH", type: "PERSONAL", owner: { slug: "ada.birch" } });
      expect(body).not.toHaveProperty("public");
      expect(body.links.self[0].href).toBe(`${bitbucket.url}/users/ada.birch`);
    }
    const { body } = await call("GET", "projects/~ada.birch/repos");
    expect(body.values[0].origin).toMatchObject({ slug: "data-analyses", project: { key: "MOPP" } });
  });

  it("say what does not exist", async () => {
    await start();
    expect(exception(await call("GET", "projects/NOPE"))).toMatch(/NoSuchProjectException$/);
    expect(exception(await call("GET", "projects/NOPE/repos/x"))).toMatch(/NoSuchProjectException$/);
    expect(exception(await call("GET", "projects/MOPP/repos/x"))).toMatch(/NoSuchRepositoryException$/);
    expect((await call("GET", "nothing/here")).status).toBe(404);
  });

  it("answer under /rest/api/latest too", async () => {
    await start();
    const response = await fetch(`${bitbucket.url}/rest/api/latest/${repository}`, {
      headers: { authorization: bearer },
    });
    expect(await response.json()).toMatchObject({ slug: "data-analyses", project: { key: "MOPP" } });
  });
});

describe("pull requests", () => {
  it("are the open ones unless asked otherwise, the newest first", async () => {
    await start();
    const ids = async (query: string) =>
      (await call("GET", `${repository}/pull-requests${query}`)).body.values.map(({ id }: Body) => id);
    expect(await ids("")).toEqual([4, 1]);
    expect(await ids("?state=ALL&order=OLDEST")).toEqual([1, 2, 3, 4, 5]);
    expect(await ids("?state=MERGED")).toEqual([5, 2]);
    expect((await call("GET", `${repository}/pull-requests?state=CLOSED`)).status).toBe(400);
  });

  it("have the shape of the recorded one", async () => {
    await start();
    const { body } = await call("GET", `${repository}/pull-requests/2`);
    expect(body).toMatchObject({
      id: 2,
      version: 2,
      title: "lint code",
      state: "MERGED",
      open: false,
      closed: true,
      createdDate: 1_700_132_280_533,
      updatedDate: 1_700_132_622_026,
      closedDate: 1_700_132_622_026,
      locked: false,
      author: { role: "AUTHOR", approved: false, status: "UNAPPROVED", user: { slug: "admin" } },
      reviewers: [],
      participants: [],
      fromRef: { id: "refs/heads/dev", displayId: "dev", type: "BRANCH" },
      toRef: { id: "refs/heads/main", repository: { slug: "data-analyses", project: { key: "MOPP" } } },
      properties: { mergeCommit: { id: expect.stringMatching(/^[0-9a-f]{40}$/) } },
      links: { self: [{ href: `${bitbucket.url}/${repository}/pull-requests/2` }] },
    });
  });

  it("may come from a fork, and have no description", async () => {
    await start();
    expect((await call("GET", `${repository}/pull-requests/4`)).body.fromRef.repository.project.type).toBe(
      "PERSONAL",
    );
    expect((await call("GET", `${repository}/pull-requests/3`)).body).not.toHaveProperty("description");
  });

  it("are 404 when they do not exist", async () => {
    await start();
    const reply = await call("GET", `${repository}/pull-requests/99`);
    expect([reply.status, exception(reply)]).toEqual([
      404,
      "com.atlassian.bitbucket.pull.NoSuchPullRequestException",
    ]);
  });

  it("show ISO dates when told to", async () => {
    await start({ dates: "iso" });
    const { body } = await call("GET", `${repository}/pull-requests/2`);
    expect(body.createdDate).toBe("2023-11-16T10:58:00.533Z");
  });
});

describe("pages", () => {
  it("hold 25 unless asked otherwise, and never more than the cap", async () => {
    await start({ pageCap: 30, data: demoData({ pullRequestsPerRepository: 100 }) });
    const path = `${repository}/pull-requests?state=ALL`;
    expect((await call("GET", path)).body).toMatchObject({
      size: 25,
      limit: 25,
      isLastPage: false,
      nextPageStart: 25,
    });
    expect((await call("GET", `${path}&limit=500`)).body).toMatchObject({
      size: 30,
      limit: 30,
      nextPageStart: 30,
    });
    expect((await call("GET", `${path}&limit=0`)).status).toBe(400);
    expect((await call("GET", `${path}&start=90`)).body).not.toHaveProperty("nextPageStart");
  });

  it("can have gaps: following nextPageStart finds each once, counting does not", async () => {
    await start({ pageGaps: true, data: demoData({ pullRequestsPerRepository: 100 }) });
    const path = `${repository}/pull-requests?state=ALL&order=OLDEST`;
    expect((await call("GET", `${path}&limit=1`)).body.nextPageStart).toBe(2);
    const ids = (await allPages(call, path, 7)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it("deep within 100,000 pull requests come fast", async () => {
    const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 100_000 });
    await start({ data });
    const begin = performance.now();
    for (const start of [0, 25_000, 50_000, 75_000, 99_900]) {
      const { body } = await call(
        "GET",
        `${repository}/pull-requests?state=ALL&order=OLDEST&limit=100&start=${start}`,
      );
      expect(body.values.map(({ id }: Body) => id)).toEqual(
        Array.from({ length: 100 }, (_, at) => start + at + 1),
      );
    }
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});

describe("users", () => {
  it("are listed, one of them without an address", async () => {
    await start();
    const { body } = await call("GET", "users");
    expect(body.values).toHaveLength(6);
    expect(body.values.filter(({ emailAddress }: Body) => emailAddress === undefined)).toHaveLength(1);
  });

  it("with their details only for those who log in with a password", async () => {
    await start();
    expect((await call("GET", "admin/users", undefined, bearer)).status).toBe(401);
    expect((await call("GET", "admin/users", undefined, basic)).body.values[0]).toMatchObject({
      deletable: true,
    });
  });

  it("with their details for nobody when told so", async () => {
    await start({ adminUsers: false });
    expect((await call("GET", "admin/users", undefined, bearer)).status).toBe(401);
    expect((await call("GET", "admin/users", undefined, basic)).status).toBe(403);
  });
});

describe("content", () => {
  const empty = "projects/SHOP/repos/drawing-board";

  it("has a tip and a default branch", async () => {
    await start();
    const { body } = await call("GET", `${repository}/commits?limit=1`);
    expect(body).toMatchObject({
      size: 1,
      isLastPage: false,
      values: [{ author: { emailAddress: expect.any(String) } }],
    });
    expect((await call("GET", `${repository}/default-branch`)).body).toEqual({
      id: "refs/heads/main",
      displayId: "main",
      type: "BRANCH",
    });
    expect((await call("GET", `${repository}/branches/default`)).body.latestCommit).toBe(body.values[0].id);
  });

  it("is missing from a repository without commits", async () => {
    await start();
    for (const path of [
      "commits?limit=1",
      "default-branch",
      "branches/default",
      "browse/README.md",
      "raw/README.md",
    ]) {
      const reply = await call("GET", `${empty}/${path}`);
      expect([path, reply.status, exception(reply)]).toEqual([
        path,
        404,
        expect.stringMatching(/NoDefaultBranch/),
      ]);
    }
  });

  it("comes as pages of 500 lines, or as it is", async () => {
    await start();
    const text = `${Array.from({ length: 1200 }, (_, index) => `line ${index}`).join("\n")}\n`;
    bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses")?.files.set("docs/README.md", text);
    const { body } = await call("GET", `${repository}/browse/docs/README.md?limit=5000`);
    expect(body).toMatchObject({ size: 500, limit: 500, isLastPage: false, nextPageStart: 500 });
    const last = await call("GET", `${repository}/browse/docs/README.md?start=1000`);
    expect(last.body).toMatchObject({ size: 200, isLastPage: true });
    expect(last.body.lines.at(-1)).toEqual({ text: "line 1199" });
    expect((await call("GET", `${repository}/raw/docs/README.md`)).body).toBe(text);
  });

  it("is read at a branch or a commit, and 404 otherwise", async () => {
    await start();
    const { body } = await call("GET", `${repository}/commits`);
    for (const at of ["main", "refs/heads/main", body.values[2].id]) {
      expect((await call("GET", `${repository}/raw/README.md?at=${encodeURIComponent(at)}`)).status).toBe(
        200,
      );
    }
    expect(exception(await call("GET", `${repository}/raw/README.md?at=nope`))).toMatch(
      /NoSuchCommitException$/,
    );
    expect(exception(await call("GET", `${repository}/browse/NOPE.md`))).toMatch(/NoSuchPathException$/);
  });
});

describe("logging in", () => {
  it("is not needed for the application's properties", async () => {
    await start({ version: "8.10.2" });
    const { status, body } = await call("GET", "application-properties", undefined, "");
    expect([status, body.version, body.buildNumber]).toEqual([200, "8.10.2", "8010002"]);
  });

  it("works with what is configured only", async () => {
    await start({ auth: { token: "t" } });
    expect((await call("GET", "projects", undefined, "Bearer t")).status).toBe(200);
    expect((await call("GET", "projects", undefined, basic)).status).toBe(401);
    expect(exception(await call("GET", "projects", undefined, "Bearer x"))).toMatch(
      /AuthenticationException$/,
    );
    expect(exception(await call("GET", "projects", undefined, ""))).toMatch(/AuthorisationException$/);
  });

  it("asks for a CAPTCHA after failed attempts, even when the password is right then", async () => {
    await start({ captcha: 2 });
    const wrong = `Basic ${btoa("admin:wrong")}`;
    expect((await call("GET", "projects", undefined, wrong)).status).toBe(401);
    expect((await call("GET", "projects", undefined, wrong)).status).toBe(401);
    const reply = await call("GET", "projects", undefined, basic);
    expect(reply.status).toBe(403);
    expect(exception(reply)).toBe("com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException");
  });
});

it("limits the rate with a bucket that fills up again", async () => {
  let now = 0;
  await start({ now: () => now, rateLimit: { tokens: 2, perSecond: 0.5 } });
  await call("GET", "projects");
  await call("GET", "projects");
  const refused = await call("GET", "projects");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "2"]);
  expect(refused.body.errors).toHaveLength(1);
  now += 2000;
  expect((await call("GET", "projects")).status).toBe(200);
});

it("can be told to fail", async () => {
  await start();
  bitbucket.setIntercept(({ path }) =>
    path.endsWith("/users") ? { status: 502, body: "<html></html>" } : "reset",
  );
  expect((await call("GET", "users")).status).toBe(502);
  await expect(call("GET", "projects")).rejects.toThrow();
  expect(bitbucket.calls.map(({ status }) => status)).toEqual([502, 0]);
});
