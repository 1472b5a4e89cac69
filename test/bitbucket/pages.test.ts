import { afterEach, describe, expect, it } from "vitest";
import { createBitbucketClient, type Page } from "../../lib/bitbucket/client.ts";
import { inTurn, type Loopback, type Reply, startLoopback } from "../support/loopback.ts";
import { start as at } from "../support/payloads.ts";
import { failureOf } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

const found: Page[] = [];
async function list(path: string, ...pages: Reply[]): Promise<void> {
  found.length = 0;
  server = await startLoopback(inTurn(...pages));
  const config = { host: `${server.url}/bb`, authorization: "Bearer t", concurrency: 8 };
  const client = createBitbucketClient(config, { maxWaitMs: 0, retries: 0 });
  for await (const page of client.pages(path, "GET things")) found.push(page);
}
const asked = () => server.received.map((call) => call.path);
const last = { body: { values: [{ id: 3 }], isLastPage: true, nextPageStart: null } };

describe("a listing", () => {
  it("goes where the server says, which is not by the page's size", async () => {
    const first = { body: { values: [{ id: 1 }], limit: 1, isLastPage: false, nextPageStart: 2 } };
    const empty = { body: { values: [], limit: 1, isLastPage: false, nextPageStart: 7 } };
    await list("projects/PRJ/repos", first, empty, last);
    expect(found).toEqual([
      { start: 0, values: [{ id: 1 }], next: 2 },
      { start: 2, values: [], next: 7 },
      { start: 7, values: [{ id: 3 }], next: undefined },
    ]);
    expect(asked()).toEqual(
      [0, 2, 7].map((start) => `/bb/rest/api/1.0/projects/PRJ/repos?limit=1000&start=${start}`),
    );
  });

  it("begins where it is told to, and can be read by the page", async () => {
    server = await startLoopback(() => last);
    const client = createBitbucketClient(
      { host: server.url, authorization: "x", concurrency: 8 },
      { maxWaitMs: 0 },
    );
    const expected = { start: 50, values: [{ id: 3 }], next: undefined };
    expect(await client.page("x", "GET things", 50)).toEqual(expected);
    for await (const page of client.pages("x", "GET things", 50)) expect(page).toEqual(expected);
    expect(asked()).toEqual(Array(2).fill("/rest/api/1.0/x?limit=1000&start=50"));
  });

  it("keeps the path's own query", async () => {
    await list("x/pull-requests?state=ALL", last);
    expect(asked()).toEqual(["/bb/rest/api/1.0/x/pull-requests?state=ALL&limit=1000&start=0"]);
  });

  it("has dates in epoch ms and leaves out what is no object", async () => {
    const values = [null, { updatedDate: new Date(at).toISOString() }, "x"];
    await list("x", { body: { values, isLastPage: true } });
    expect(found).toMatchObject([{ values: [{ updatedDate: at }] }]);
  });

  it("of something that is gone says so", async () => {
    const gone = { status: 404, body: { errors: [{ exceptionName: "x.NoSuchRepositoryException" }] } };
    expect(await failureOf(list("x", gone))).toMatchObject({ status: 404, operation: "GET things" });
  });

  it.each<[string, Reply]>([
    ["fails", { status: 500, body: {} }],
    ["is gone", { status: 404, body: { errors: [{ exceptionName: "x.NoSuchRepositoryException" }] } }],
    ["is a proxy's", { status: 404, body: "<html></html>" }],
    ["is empty", {}],
    ["has no values", { body: { isLastPage: true } }],
    ["does not say whether it is the last", { body: { values: [] } }],
    ["does not say where it goes on", { body: { values: [], isLastPage: false, nextPageStart: null } }],
    ["stays where it is", { body: { values: [], isLastPage: false, nextPageStart: 5 } }],
    ["goes back", { body: { values: [{}], isLastPage: false, nextPageStart: 4 } }],
    ["goes on at a fraction", { body: { values: [{}], isLastPage: false, nextPageStart: 5.5 } }],
    ["goes on at a text", { body: { values: [{}], isLastPage: false, nextPageStart: "6" } }],
    ["goes on beyond all numbers", { body: { values: [{}], isLastPage: false, nextPageStart: 1e300 } }],
    ["has no page to go on with", { body: { values: [{}], isLastPage: false } }],
  ])("is not taken for complete when a page %s", async (_, page) => {
    const first = { body: { values: [{ id: 1 }], isLastPage: false, nextPageStart: 5 } };
    expect(await failureOf(list("x", first, page))).toMatchObject({ operation: "GET things" });
    expect(found).toEqual([{ start: 0, values: [{ id: 1 }], next: 5 }]);
    expect(server.received).toHaveLength(2);
  });

  it("that brings page after page of nothing ends with an error", async () => {
    const tooMany = 2_000;
    server = await startLoopback((_, index) => {
      return { body: { values: [], isLastPage: index > tooMany, nextPageStart: index + 1 } };
    });
    const config = { host: server.url, authorization: "Bearer t", concurrency: 8 };
    const pages = createBitbucketClient(config, { maxWaitMs: 0 }).pages("x", "GET things");
    const all = (async () => {
      for await (const _ of pages);
    })();
    expect(await failureOf(all)).toMatchObject({ operation: "GET things", code: "endless_pages" });
    expect(server.received.length).toBeLessThan(tooMany);
  });
});
