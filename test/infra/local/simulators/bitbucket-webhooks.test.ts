import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type {
  BitbucketSimulator,
  BitbucketSimulatorOptions,
} from "../../../../infra/local/simulators/bitbucket/server.ts";
import { allPages, type Client, started } from "./bitbucket-support.ts";

let bitbucket: BitbucketSimulator;
let call: Client;
const start = async (options: BitbucketSimulatorOptions = {}) => {
  ({ bitbucket, call } = await started(options));
};
afterEach(() => bitbucket.close());

const project = "projects/MOPP/webhooks";
const repository = "projects/MOPP/repos/data-analyses/webhooks";
const webhook = (values: Record<string, unknown> = {}) => ({
  name: "sync",
  url: "http://127.0.0.1:9/webhook",
  events: ["pr:opened"],
  active: true,
  configuration: { secret: "s" },
  ...values,
});

describe("registering webhooks", () => {
  it.each([project, repository])("creates, reads, replaces and removes at %s", async (path) => {
    await start();
    const created = await call("POST", path, webhook());
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      ...webhook(),
      id: expect.any(Number),
      sslVerificationRequired: true,
    });
    const one = `${path}/${created.body.id}`;
    expect((await call("GET", one)).body).toEqual(created.body);
    const replaced = await call("PUT", one, webhook({ events: ["pr:merged"], configuration: {} }));
    expect([replaced.status, replaced.body.events, replaced.body.configuration]).toEqual([
      200,
      ["pr:merged"],
      {},
    ]);
    expect((await call("DELETE", one)).status).toBe(204);
    expect((await call("GET", one)).status).toBe(404);
  });

  it("allows the same one twice, and gives pages", async () => {
    await start();
    for (let count = 0; count < 3; count++) expect((await call("POST", project, webhook())).status).toBe(201);
    expect((await call("GET", `${project}?limit=2`)).body.isLastPage).toBe(false);
    expect(await allPages(call, project, 2)).toHaveLength(3);
    expect((await call("GET", repository)).body.values).toEqual([]);
  });

  it.each([
    ["an unknown event", { events: ["pr:opened", "pr:to_ref_updated"] }, 400],
    ["no event", { events: [] }, 400],
    ["no name", { name: " " }, 400],
    ["something that is not a URL", { url: "webhook" }, 400],
    ["an empty secret", { configuration: { secret: "" } }, 500],
  ])("refuses %s", async (_, values, status) => {
    await start();
    const reply = await call("POST", project, webhook(values));
    expect(reply.status).toBe(status);
    expect(reply.body.errors).toHaveLength(1);
    expect((await call("GET", project)).body.values).toEqual([]);
  });

  it("names the event that it does not know, by version", async () => {
    await start({ version: "6.10" });
    const reply = await call("POST", repository, webhook({ events: ["pr:from_ref_updated"] }));
    expect(reply.body.errors[0].message).toBe("the event pr:from_ref_updated is unknown");
  });

  it.each([
    ["8.7.9", 404],
    ["8.8.0", 201],
    ["8.10.1", 201],
  ])("at the project of a Bitbucket %s answers %i", async (version, status) => {
    await start({ version });
    expect((await call("POST", project, webhook())).status).toBe(status);
    expect((await call("POST", repository, webhook())).status).toBe(201);
  });

  it("needs the whole object for a replacement", async () => {
    await start();
    const { body } = await call("POST", project, webhook());
    expect((await call("PUT", `${project}/${body.id}`, { active: false })).status).toBe(400);
  });

  it("can hide secrets, and takes a hidden one for the secret when it is sent back", async () => {
    await start({ maskSecrets: true });
    const { body } = await call("POST", project, webhook());
    expect(body.configuration.secret).not.toBe("s");
    expect(bitbucket.data.projects.get("MOPP")?.webhooks.get(body.id)?.configuration.secret).toBe("s");
    await call("PUT", `${project}/${body.id}`, body);
    expect(bitbucket.data.projects.get("MOPP")?.webhooks.get(body.id)?.configuration.secret).not.toBe("s");
  });

  it("tells what it is capable of", async () => {
    await start();
    expect((await call("GET", "webhooks/latest/capabilities")).body.events).toContain("repo:deleted");
  });
});

describe("delivering", () => {
  let receiver: Server;
  let received: { headers: IncomingHttpHeaders; body: string }[];
  let url: string;

  beforeEach(async () => {
    received = [];
    receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(202).end('{"status":"queued"}');
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhook`;
  });
  afterEach(() => {
    receiver.closeAllConnections();
    receiver.close();
  });

  it("signs the bytes that it sends", async () => {
    await start();
    await call("POST", project, webhook({ url }));
    const deliveries = await bitbucket.fire(bitbucket.createPullRequest("MOPP", "data-analyses"));
    expect(deliveries).toMatchObject([{ status: 202, body: '{"status":"queued"}' }]);
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(headers).toMatchObject({
      "x-event-key": "pr:opened",
      "x-request-id": deliveries[0]?.requestId,
      "content-type": "application/json; charset=utf-8",
      "user-agent": expect.stringMatching(
        /^Atlassian HttpClient .+ \/ Bitbucket-9\.4\.0 \(9004000\) \/ Default$/,
      ),
      "x-hub-signature": `sha256=${createHmac("sha256", "s").update(body).digest("hex")}`,
    });
    expect(JSON.parse(body)).toMatchObject({
      eventKey: "pr:opened",
      actor: { slug: "admin" },
      pullRequest: { id: 6 },
    });
  });

  it("reaches project and repository webhooks, but not inactive, other or unasked ones", async () => {
    await start();
    await call("POST", project, webhook({ url }));
    await call("POST", repository, webhook({ url, configuration: {} }));
    await call("POST", repository, webhook({ url, active: false }));
    await call("POST", repository, webhook({ url, events: ["pr:merged"] }));
    await call("POST", "projects/SHOP/webhooks", webhook({ url }));
    const deliveries = await bitbucket.fire(bitbucket.createPullRequest("MOPP", "data-analyses"));
    expect(new Set(deliveries.map(({ requestId }) => requestId)).size).toBe(2);
    expect(received.filter(({ headers }) => headers["x-hub-signature"] === undefined)).toHaveLength(1);
  });

  it("pings without a signature", async () => {
    await start();
    expect(await bitbucket.ping(url)).toMatchObject({ status: 202 });
    expect(received[0]).toMatchObject({
      body: '{"test": true}',
      headers: { "x-event-key": "diagnostics:ping" },
    });
    expect(received[0]?.headers).not.toHaveProperty("x-hub-signature");
  });

  it("says when nobody answers, and does not try again", async () => {
    await start();
    await call("POST", project, webhook());
    const deliveries = await bitbucket.fire(bitbucket.createPullRequest("MOPP", "data-analyses"));
    expect(deliveries).toEqual([expect.objectContaining({ error: expect.any(String) })]);
  });
});
