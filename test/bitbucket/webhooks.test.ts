import { afterEach, describe, expect, it } from "vitest";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { deleteWebhook, listWebhooks, type WebhookBody, writeWebhook } from "../../lib/bitbucket/webhooks.ts";
import { type Behaviour, inTurn, type Loopback, startLoopback } from "../support/loopback.ts";
import { failureOf, rejection } from "../support/rejection.ts";

let server: Loopback;
afterEach(() => server.close());

async function clientOf(...behaviours: Behaviour[]) {
  server = await startLoopback(inTurn(...behaviours));
  const config = { host: `${server.url}/ctx`, authorization: "Bearer t", concurrency: 2 };
  return createBitbucketClient(config, { maxWaitMs: 0, retries: 0 });
}
const project = { kind: "project", key: "~ann" } as const;
const repository = { kind: "repository", key: "PRJ", slug: "my app" } as const;
const body: WebhookBody = {
  name: "ours",
  url: "https://hooks.example.org/webhook",
  events: ["pr:opened", "pr:merged"],
  active: true,
  sslVerificationRequired: true,
  configuration: { secret: "hush-hush" },
};

describe("webhooks", () => {
  it("are listed to the last page, in whatever detail the version has", async () => {
    const bitbucket = await clientOf(
      { body: { values: [{ id: 1, url: "https://a" }], isLastPage: false, nextPageStart: 7 } },
      {
        body: {
          values: [{ ...body, id: 2, active: "odd" }, { id: "x" }, { url: "no id" }],
          isLastPage: true,
        },
      },
    );
    expect(await listWebhooks(project, bitbucket)).toEqual([
      { id: 1, url: "https://a", name: "", events: [], configuration: {} },
      { ...body, id: 2, active: undefined },
    ]);
    expect(server.received.map(({ path }) => path)).toEqual([
      "/ctx/rest/api/1.0/projects/~ann/webhooks?limit=1000&start=0",
      "/ctx/rest/api/1.0/projects/~ann/webhooks?limit=1000&start=7",
    ]);
  });

  it("are created, replaced and deleted where they belong", async () => {
    const bitbucket = await clientOf(
      { status: 201, body: {} },
      { body: {} },
      { status: 204 },
      { status: 404 },
    );
    expect(await writeWebhook(repository, undefined, body, bitbucket)).toEqual([]);
    expect(await writeWebhook(project, 7, body, bitbucket)).toEqual([]);
    await deleteWebhook(repository, 8, bitbucket);
    await deleteWebhook(project, 9, bitbucket);
    expect(server.received.map(({ method, path }) => `${method} ${path.slice(18)}`)).toEqual([
      "POST projects/PRJ/repos/my%20app/webhooks",
      "PUT projects/~ann/webhooks/7",
      "DELETE projects/PRJ/repos/my%20app/webhooks/8",
      "DELETE projects/~ann/webhooks/9",
    ]);
    expect(server.received.slice(0, 2).map((call) => JSON.parse(call.body))).toEqual([body, body]);
    expect(server.received[0]?.headers["content-type"]).toBe("application/json");
    expect(server.received[2]?.headers).not.toHaveProperty("content-type");
  });

  it("that are refused for an event say which", async () => {
    const bitbucket = await clientOf({
      status: 400,
      body: { errors: [{ message: "the event pr:merged is unknown" }] },
    });
    expect(await writeWebhook(project, undefined, body, bitbucket)).toEqual(["pr:merged"]);
  });

  it.each([
    ["url", "url"],
    [null, undefined],
    ["a text with ann@example.org", undefined],
  ])("that are refused for %s name the field and never a value", async (context, code) => {
    const errors = [{ context, message: "no: hush-hush" }];
    const bitbucket = await clientOf({ status: 400, body: { errors } });
    const error = await rejection(writeWebhook(project, undefined, body, bitbucket));
    expect(error).toMatchObject({ failure: { status: 400, operation: "POST project webhook", code } });
    expect(String(error)).not.toMatch(/hush|ann/);
  });

  it("that may not be seen fail with 401", async () => {
    const bitbucket = await clientOf({ status: 401, body: { errors: [] } });
    expect(await failureOf(listWebhooks(project, bitbucket))).toMatchObject({ status: 401 });
  });
});
