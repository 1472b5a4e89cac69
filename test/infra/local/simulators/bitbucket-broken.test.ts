import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BitbucketSimulator, Broken } from "../../../../infra/local/simulators/bitbucket/server.ts";
import { bearer, type Client, started } from "./bitbucket-support.ts";

let bitbucket: BitbucketSimulator;
let call: Client;
beforeEach(async () => {
  ({ bitbucket, call } = await started());
});
afterEach(() => bitbucket.close());

const repository = "projects/MOPP/repos/data-analyses";
const breakIt = (how: Broken) => bitbucket.break("MOPP", "data-analyses", how);

describe("what is broken of a repository", () => {
  it.each([
    [{ commits: 500 }, "/commits", 500, "scm.CommandFailedException"],
    [{ commits: 409 }, "/commits", 409, "repository.NoDefaultBranchException"],
    [{ commits: 404 }, "/commits", 404, "repository.NoDefaultBranchException"],
    [{ raw: 400 }, "/raw/README.md", 400, "scm.InvalidPathException"],
    [{ raw: 404 }, "/raw/README.md", 404, "content.NoSuchPathException"],
    [{ raw: 500 }, "/browse/README.md", 500, "scm.CommandFailedException"],
    [{ pullRequests: 401 }, "/pull-requests", 401, "AuthorisationException"],
    [{ pullRequest: 500 }, "/pull-requests/1", 500, "scm.CommandFailedException"],
    [{ object: 500 }, "", 500, "scm.CommandFailedException"],
  ] as const)("%j fails alone", async (how, path, status, exceptionName) => {
    breakIt(how);
    const answers = [
      "",
      "/commits",
      "/raw/README.md",
      "/browse/README.md",
      "/pull-requests",
      "/pull-requests/1",
    ];
    const statuses = await Promise.all(
      answers.map(async (one) => (await call("GET", repository + one)).status),
    );
    const broken = answers.filter((_, index) => statuses[index] !== 200);
    expect(broken).toContain(path);
    expect(broken.length).toBe("raw" in how ? 2 : 1);
    expect((await call("GET", repository + path)).body.errors[0].exceptionName).toBe(
      `com.atlassian.bitbucket.${exceptionName}`,
    );
    expect(statuses).toContain(status);
    breakIt({});
    expect((await call("GET", repository + path)).status).toBe(200);
  });

  const tip = () => bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses")?.commits[0]?.id;
  const addresses = {
    files: () => "/files",
    raw: () => "/raw/README.md",
    changes: () => `/changes?until=${tip()}`,
    commits: () => "/commits",
  } as const;
  const parts = ["files", "raw", "changes", "commits"] as const;
  const ways = [
    [401, 401, "AuthorisationException"],
    [403, 403, "AuthorisationException"],
    [500, 500, "scm.CommandFailedException"],
    ["nameless-401", 401, null],
    ["nameless-403", 403, null],
    ["nameless-404", 404, null],
    ["no-such-commit", 404, "commit.NoSuchCommitException"],
  ] as const;
  it.each(parts.flatMap((part) => ways.map((way) => [part, ...way] as const)))(
    "%s may answer %s",
    async (part, way, status, exception) => {
      breakIt({ [part]: way });
      const reply = await call("GET", repository + addresses[part]());
      const name = exception === null ? null : `com.atlassian.bitbucket.${exception}`;
      expect([reply.status, reply.body.errors[0].exceptionName]).toEqual([status, name]);
      breakIt({});
      expect((await call("GET", repository + addresses[part]())).status).toBe(200);
    },
  );

  it.each(parts)("%s may be a proxy's page, half an answer, or late", async (part) => {
    const address = repository + addresses[part]();
    const whole = await call("GET", address);
    breakIt({ [part]: "page" });
    const page = await call("GET", address);
    expect([page.status, page.body, page.headers.has("x-ausername")]).toEqual([
      200,
      expect.stringMatching(/^<!DOCTYPE html>/),
      false,
    ]);
    breakIt({ [part]: "page-404" });
    expect((await call("GET", address)).status).toBe(404);
    const url = `${bitbucket.url}/rest/api/1.0/${address}`;
    const text = async () => (await fetch(url, { headers: { authorization: bearer } })).text();
    breakIt({ [part]: { afterMs: 1 } });
    expect((await call("GET", address)).body).toEqual(whole.body);
    breakIt({});
    const complete = await text();
    breakIt({ [part]: "cut-unnoticed" });
    expect(await text()).toBe(complete.slice(0, Math.floor(complete.length / 2)));
    breakIt({ [part]: "cut" });
    await expect(text()).rejects.toThrow();
  });

  it("may be a listing with nothing on it", async () => {
    breakIt({ files: "empty", changes: "empty", commits: "empty" });
    for (const part of ["files", "changes", "commits"] as const) {
      const { body } = await call("GET", repository + addresses[part]());
      expect(body).toMatchObject({ size: 0, values: [], isLastPage: true });
      expect(body).not.toHaveProperty("nextPageStart");
    }
  });

  it("may say nothing", async () => {
    breakIt({ commits: 204 });
    expect(await call("GET", `${repository}/commits`)).toMatchObject({ status: 204, body: "" });
  });

  it("may be pages that lead nowhere", async () => {
    breakIt({ pullRequests: "no-next-page", commits: "same-page" });
    const { body } = await call("GET", `${repository}/pull-requests`);
    expect(body).toMatchObject({ isLastPage: false, size: 2 });
    expect(body).not.toHaveProperty("nextPageStart");
    expect((await call("GET", `${repository}/commits?start=1&limit=1`)).body).toMatchObject({
      isLastPage: false,
      start: 1,
      nextPageStart: 1,
    });
  });

  it("may stall midway", async () => {
    breakIt({ commits: "stalls" });
    const left = await fetch(`${bitbucket.url}/rest/api/1.0/${repository}/commits`, {
      headers: { authorization: bearer },
    });
    const reader = left.body?.getReader();
    const { value = new Uint8Array() } = (await reader?.read()) ?? {};
    expect(value.length).toBe(Math.floor(Number(left.headers.get("content-length")) / 2));
    await reader?.cancel();
  });

  it("may answer without an end, until the caller goes or the simulator closes", async () => {
    breakIt({ commits: "never-ends" });
    const open = () =>
      fetch(`${bitbucket.url}/rest/api/1.0/${repository}/commits`, { headers: { authorization: bearer } });
    const left = await open();
    const reader = left.body?.getReader();
    for (let chunks = 0; chunks < 3; chunks++) expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
    const right = await open();
    await bitbucket.close();
    await expect(right.text()).rejects.toThrow();
  });
});

it.each(["0", "-1", "1, 2", "Wed, 01 Jan 2020 00:00:00 GMT", false] as const)(
  "a 429 may say to try again %j",
  async (retryAfter) => {
    await bitbucket.close();
    ({ bitbucket, call } = await started({ rateLimit: { tokens: 1, perSecond: 0.001, retryAfter } }));
    await call("GET", "projects");
    const { status, headers } = await call("GET", "projects");
    expect([status, headers.get("retry-after")]).toEqual([429, retryAfter === false ? null : retryAfter]);
  },
);
