import { afterEach, describe, expect, it } from "vitest";
import type { Address, RepositoryAddress } from "../../lib/bitbucket/address.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { bareObject } from "../../lib/bitbucket/objects.ts";
import { userAgent } from "../../lib/version.ts";
import { type Behaviour, inTurn, type Loopback, startLoopback } from "../support/loopback.ts";
import { start as createdAt, pullRequest } from "../support/payloads.ts";
import { failureOf, objectOf } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

async function start(behaviour: Behaviour | Behaviour[], context = "") {
  server = await startLoopback(inTurn(...[behaviour].flat()));
  const config = { host: `${server.url}${context}`, authorization: "Bearer tok", concurrency: 8 };
  return createBitbucketClient(config, { maxWaitMs: 100, retries: 0 });
}
const paths = () => server.received.map((call) => `${call.method} ${call.path}`);
const app: RepositoryAddress = { kind: "repository", key: "PRJ", slug: "app" };

describe("an object", () => {
  it.each<[Address, string]>([
    [{ kind: "project", key: "PRJ" }, "/projects/PRJ"],
    [app, "/projects/PRJ/repos/app"],
    [{ ...app, kind: "pull-request", id: 7 }, "/projects/PRJ/repos/app/pull-requests/7"],
    [{ kind: "project", key: "~ann" }, "/projects/~ann"],
    [{ kind: "repository", key: "a b/c", slug: "d?e#f%é" }, "/projects/a%20b%2Fc/repos/d%3Fe%23f%25%C3%A9"],
  ])("%j is read from its own address", async (address, path) => {
    const client = await start({ body: bareObject(address) });
    expect(await objectOf(client.find(address))).toEqual(bareObject(address));
    expect([paths(), client.calls()]).toEqual([[`GET /rest/api/1.0${path}`], 1]);
  });

  it("is read beneath the host's context path", async () => {
    const client = await start({ body: {} }, "/tools/bitbucket");
    await client.find(app);
    expect(paths()).toEqual(["GET /tools/bitbucket/rest/api/1.0/projects/PRJ/repos/app"]);
  });

  it("is asked for with the credentials and the product's name", async () => {
    const client = await start({ body: {} });
    await client.find(app);
    expect(server.received[0]?.headers).toMatchObject({
      authorization: "Bearer tok",
      "user-agent": userAgent,
    });
    expect(userAgent).toMatch(/^bitbucket-port-sync\/\d+\.\d+\.\d+/);
  });

  it("has its dates in epoch ms", async () => {
    const client = await start({ body: pullRequest(7, { updatedDate: "2024-05-01T10:00:00.000Z" }) });
    const address = { ...app, kind: "pull-request", id: 7 } as const;
    expect(await objectOf(client.find(address))).toEqual(pullRequest(7, { updatedDate: createdAt }));
  });

  it.each<[string, Behaviour, string]>([
    ["a proxy's page with 404", { status: 404, body: "<html>Not found</html>" }, "not_bitbucket"],
    ["404 with nothing", { status: 404 }, "not_bitbucket"],
    [
      "404 with another's JSON",
      { status: 404, body: { message: "no route", "status-code": 404 } },
      "not_bitbucket",
    ],
    ["404 with a list", { status: 404, body: [] }, "not_bitbucket"],
    ["404 without an exception", { status: 404, body: { errors: [{ exceptionName: null }] } }, "unclear"],
    ["a log-in page with 200", { body: "<html>Log in</html>" }, "not_json"],
    ["200 with nothing", {}, "unexpected_answer"],
    ["200 with a list", { body: [] }, "unexpected_answer"],
    ["200 with what has no address", { body: { a: 1 } }, "unexpected_answer"],
  ])("is neither there nor gone after %s", async (_, behaviour, code) => {
    const client = await start(behaviour);
    const failure = await failureOf(objectOf(client.find(app)));
    expect(failure).toMatchObject({ service: "bitbucket", operation: "GET repository", code });
  });
});

describe("the latest commit", () => {
  it("is the first of the default branch's", async () => {
    const commit = { id: "a".repeat(40), author: { name: "ann" }, authorTimestamp: createdAt };
    const client = await start({ body: { values: [commit], isLastPage: false } });
    expect(await client.latestCommit(app)).toEqual(commit);
    expect(paths()).toEqual(["GET /rest/api/1.0/projects/PRJ/repos/app/commits?limit=1"]);
  });

  it.each<[string, Behaviour]>([
    ["is empty", { body: { values: [], isLastPage: true } }],
    ["has odd values", { body: { values: [null] } }],
    ["has no content", { status: 204 }],
    [
      "has no default branch",
      {
        status: 404,
        body: { errors: [{ exceptionName: "com.atlassian.bitbucket.repository.NoDefaultBranchException" }] },
      },
    ],
  ])("is none where the repository %s", async (_, behaviour) => {
    expect(await (await start(behaviour)).latestCommit(app)).toBeUndefined();
  });
});

describe("a file", () => {
  it("is the text as it is, JSON or not", async () => {
    const client = await start([{ body: "# Über\n\n{}" }, { body: "" }, { body: "[1]" }]);
    expect(await client.file(app, "docs/READ ME#1.md")).toBe("# Über\n\n{}");
    expect(paths()).toEqual(["GET /rest/api/1.0/projects/PRJ/repos/app/raw/docs/READ%20ME%231.md"]);
    expect(await client.file(app, "README.md")).toBe("");
    expect(await client.file(app, "README.md")).toBe("[1]");
  });

  it("is none when Bitbucket says so", async () => {
    const exceptionName = "com.atlassian.bitbucket.content.NoSuchPathException";
    const client = await start({ status: 404, body: { errors: [{ exceptionName }] } });
    expect(await client.file(app, "README.md")).toBeUndefined();
  });

  it("is not known after a proxy's 404, which must not clear what was read before", async () => {
    const client = await start({ status: 404, body: "<html>Not found</html>" });
    expect(await failureOf(client.file(app, "README.md"))).toMatchObject({ status: 404 });
  });
});
