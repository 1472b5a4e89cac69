import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, startGateway } from "../../../../infra/local/aws/gateway.ts";
import { PortTakenError } from "../../../../infra/local/aws/localhost.ts";
import { closeServer, listen, portOf } from "../../../../infra/local/aws/server.ts";
import { createClosers } from "../../../../infra/local/closers.ts";

let closers = createClosers();
let gateway: Gateway;
const answered: [IncomingMessage["headers"], number][] = [];

beforeEach(async () => {
  closers = createClosers();
  answered.length = 0;
  gateway = await startGateway({
    port: 0,
    onAnswer: ({ headers }, status) => answered.push([headers, status]),
  });
  closers.add(() => gateway.close());
});
afterEach(() => closers.close());

describe("startGateway", () => {
  it("answers 503 until there is something behind it", async () => {
    expect((await fetch(`${gateway.url}/webhook`, { method: "POST" })).status).toBe(503);
  });

  it("passes bytes and headers on, and the answer back", async () => {
    const body = randomBytes(7_000_000);
    let headers: IncomingMessage["headers"] = {};
    await behind(async (request, response) => {
      headers = request.headers;
      response.writeHead(202, { "x-test": "yes" }).end(hash(await buffer(request)));
    });
    const answer = await fetch(`${gateway.url}/webhook`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "x-event-key": "pr:opened" },
    });
    expect([answer.status, answer.headers.get("x-test"), await answer.text()]).toEqual([
      202,
      "yes",
      hash(body),
    ]);
    expect(headers).toMatchObject({ "x-event-key": "pr:opened", "content-type": "application/octet-stream" });
  });

  it("tells of every answer", async () => {
    await behind((_, response) => response.writeHead(202).end("{}"));
    await (await fetch(gateway.url, { headers: { "x-event-key": "pr:opened" } })).text();
    await expect.poll(() => answered).toHaveLength(1);
    expect(answered).toMatchObject([[{ "x-event-key": "pr:opened" }, 202]]);
  });

  it("answers 500 when a handler did not handle an error", async () => {
    await behind((_, response) => response.end(JSON.stringify({ errorType: "Error", stackTrace: [] })));
    const answer = await fetch(gateway.url);
    expect([answer.status, await answer.json()]).toEqual([500, { message: "Internal Server Error" }]);
  });

  it("answers 502 when what is behind it is gone", async () => {
    await behind((request) => request.socket.destroy());
    expect((await fetch(gateway.url)).status).toBe(502);
  });

  it("passes on eight requests at a time", async () => {
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    await behind(async (_, response) => {
      running += 1;
      most = Math.max(most, running);
      if (running === 8) for (const go of waiting.splice(0)) go();
      else await new Promise<void>((go) => waiting.push(go));
      running -= 1;
      response.end("{}");
    });
    await Promise.all(Array.from({ length: 16 }, async () => await (await fetch(gateway.url)).text()));
    expect(most).toBe(8);
  });

  it("says that a port is taken", async () => {
    const port = Number(new URL(gateway.url).port);
    await expect(startGateway({ port })).rejects.toBeInstanceOf(PortTakenError);
  });
});

async function behind(listener: RequestListener): Promise<void> {
  const server = await listen(listener);
  closers.add(() => closeServer(server));
  gateway.open(portOf(server));
}

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
