import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeStateFile } from "../../infra/local/state-file.ts";
import { isSigned } from "../../lib/bitbucket/signature.ts";
import { makeFolder, runCommand } from "../support/command.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";
import { event, pullRequest } from "../support/payloads.ts";

const secret = "a secret for tests";
let folder: string;
let server: Loopback;
let answer: Behaviour;
beforeEach(async () => {
  folder = makeFolder();
  answer = { status: 202, body: { status: "queued" } };
  server = await startLoopback(() => answer);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const opened = event("pr:opened", { pullRequest: pullRequest(1, { title: "Grüße 😀" }) });

function write(content: string | Buffer, name = "event.json"): string {
  writeFileSync(join(folder, name), content);
  return name;
}
const replay = (args: string[], env: Record<string, string> = { WEBHOOK_SECRET: secret }) =>
  runCommand("replay", args, { cwd: folder, env });
const isSignedWith = (key: string) => {
  const [call] = server.received;
  const signature = call?.headers["x-hub-signature"];
  return isSigned(Buffer.from(call?.body ?? ""), String(signature), [key]);
};

test("the file's bytes go out unchanged, signed, with Bitbucket's headers", async () => {
  const bytes = `\n ${JSON.stringify(opened, undefined, "\t")}\r\n\n`;
  const { code, stdout, stderr } = await replay([write(bytes), "--url", server.url]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("202");
  expect(stdout).toContain("queued");
  expect(server.received).toHaveLength(1);
  expect(server.received[0]).toMatchObject({
    method: "POST",
    body: bytes,
    headers: {
      "x-event-key": "pr:opened",
      "x-request-id": expect.stringMatching(/^[\da-f-]{36}$/),
      "content-type": "application/json; charset=utf-8",
    },
  });
  expect(isSignedWith(secret)).toBe(true);
});

test("a recorded sample is unwrapped: its body is the event", async () => {
  const sample = { headers: { "X-Event-Key": "other", "X-Hub-Signature": "sha256=00" }, body: opened };
  expect((await replay([write(JSON.stringify(sample)), "--url", server.url])).code).toBe(0);
  expect(JSON.parse(server.received[0]?.body ?? "")).toEqual(opened);
  expect(server.received[0]?.headers["x-event-key"]).toBe("pr:opened");
  expect(isSignedWith(secret)).toBe(true);
});

test("each replay is a delivery of its own", async () => {
  const file = write(JSON.stringify(opened));
  await replay([file, "--url", server.url]);
  await replay([file, "--url", server.url]);
  const ids = server.received.map(({ headers }) => headers["x-request-id"]);
  expect(new Set(ids).size).toBe(2);
});

test.each([
  [200, 0],
  [202, 0],
  [401, 1],
  [503, 1],
])("an answer of %i is printed and gives exit code %i", async (status, code) => {
  answer = { status, body: { status: "what it says" } };
  const ended = await replay([write(JSON.stringify(opened)), "--url", server.url]);
  expect(ended.code).toBe(code);
  expect(ended.stdout).toContain(String(status));
  expect(ended.stdout).toContain("what it says");
});

test("a redirect is a failed delivery, as it is for Bitbucket, and is not followed", async () => {
  answer = { status: 302, headers: { location: "/elsewhere" } };
  const { code, stdout } = await replay([write(JSON.stringify(opened)), "--url", server.url]);
  expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /"]);
  expect(stdout).toContain("302");
  expect(code).toBe(1);
});

test("the stack that runs here is found, with its secret", async () => {
  writeStateFile(
    { url: `${server.url}/webhook`, secret: "the stack's own" },
    join(folder, ".local/stack.json"),
  );
  expect(await replay([write(JSON.stringify(opened))], {})).toMatchObject({ code: 0, stderr: "" });
  expect(server.received[0]?.path).toBe("/webhook");
  expect(isSignedWith("the stack's own")).toBe(true);
});

test("the stack's own secret goes to nobody else", async () => {
  writeStateFile(
    { url: "http://127.0.0.1:9/webhook", secret: "the stack's own" },
    join(folder, ".local/stack.json"),
  );
  const { code, stderr } = await replay([write(JSON.stringify(opened)), "--url", server.url], {});
  expect(code).toBe(2);
  expect(stderr).toContain("WEBHOOK_SECRET is not set");
  expect(server.received).toEqual([]);
});

test("WEBHOOK_SECRET is taken from .env, and the environment wins over it", async () => {
  write("WEBHOOK_SECRET=from the file\n", ".env");
  const args = [write(JSON.stringify(opened)), "--url", server.url];
  await replay(args, {});
  expect(isSignedWith("from the file")).toBe(true);
  server.received.length = 0;
  await replay(args);
  expect(isSignedWith(secret)).toBe(true);
});

test("the secret is never printed", async () => {
  answer = { status: 401, body: {} };
  const { stdout, stderr } = await replay([write(JSON.stringify(opened)), "--url", server.url]);
  expect(stdout + stderr).not.toContain(secret);
});
