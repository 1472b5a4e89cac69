import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../infra/local/aws/server.ts";
import { makeFolder, runCommand, stackTrace } from "../support/command.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";
import { event, pullRequest } from "../support/payloads.ts";
import { startTlsProxy } from "../support/private-ca.ts";

let folder: string;
let server: Loopback;
beforeAll(async () => {
  folder = makeFolder();
  server = await startLoopback(() => ({ status: 202 }));
  const files: Record<string, string | Buffer> = {
    "good.json": JSON.stringify(event("pr:opened", { pullRequest: pullRequest(1) })),
    "half.json": '{"eventKey": "pr:opened", ',
    "empty.json": "",
    "list.json": "[1, 2]",
    "null.json": "null",
    "binary.json": Buffer.from([0xff, 0xfe, 0, 1]),
    "no-key.json": '{"actor": {}}',
    "odd-key.json": '{"eventKey": 7}',
    "wrapped-no-key.json": '{"headers": {}, "body": {"actor": {}}}',
    "line-break.json": '{"eventKey": "pr:opened\\nx: y"}',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const replay = (...args: string[]) =>
  runCommand("replay", args, { cwd: folder, env: { WEBHOOK_SECRET: "hush-hush" } });

test.each([
  ["a file that is not there", ["gone.json"], /gone\.json/, [1, 2]],
  ["a folder", ["."], /directory|folder/i, [1, 2]],
  ["half a JSON text", ["half.json"], /half\.json holds no JSON object/, [2]],
  ["an empty file", ["empty.json"], /empty\.json holds no JSON object/, [2]],
  ["a JSON array", ["list.json"], /list\.json holds no JSON object/, [2]],
  ["a JSON null", ["null.json"], /null\.json holds no JSON object/, [2]],
  ["a binary file", ["binary.json"], /binary\.json holds no JSON object/, [2]],
  ["a payload without an event key", ["no-key.json"], /no-key\.json has no eventKey/, [2]],
  ["an event key that is no text", ["odd-key.json"], /odd-key\.json has no eventKey/, [2]],
  ["a sample whose body has no event key", ["wrapped-no-key.json"], /has no eventKey/, [2]],
  ["an event key that is no header", ["line-break.json"], /./, [1, 2]],
  ["no file", [], /name one FILE/, [2]],
  ["two files", ["good.json", "good.json"], /name one FILE/, [2]],
  ["an unknown flag", ["good.json", "--fast"], /--fast/, [2]],
  ["a flag without its value", ["good.json", "--url"], /--url/, [2]],
])("%s is told in a line, and nothing is sent", async (_, args, words, codes) => {
  const sent = server.received.length;
  const withUrl = args.includes("--url") ? args : [...args, "--url", server.url];
  const { code, stdout, stderr } = await replay(...withUrl);
  expect(stderr).toMatch(words);
  expect(codes).toContain(code);
  expect(stderr + stdout).not.toMatch(stackTrace);
  expect(stderr).not.toContain("hush-hush");
  expect(stdout).toBe("");
  expect(server.received.length).toBe(sent);
});

test("where nothing runs, it says how to start it", async () => {
  const { code, stderr } = await replay("good.json");
  expect(code).toBe(2);
  expect(stderr).toContain("npm start");
});

const html = { headers: { "content-type": "text/html" }, body: "<html>Log in, ann@example.org</html>" };

test.each<[string, Behaviour | undefined, RegExp]>([
  ["nobody", undefined, /webhook cannot be reached at --url: nothing listens there \(ECONNREFUSED\)/],
  ["a page", html, /not as the webhook does: is it whole.*\/webhook/],
  [
    "a page that is not there",
    { ...html, status: 404 },
    /answers with a page \(404\), but not as the webhook/,
  ],
  ["a path that API Gateway does not know", { status: 404, body: { message: "Not Found" } }, /is it whole/],
  [
    "a redirect",
    { status: 301, headers: { location: "https://hooks.example.org/x?state=hush-hush" } },
    /redirect to https:\/\/hooks\.example\.org \(301\).*http where it is https/,
  ],
  ["a refused signature", { status: 401, body: { status: "rejected" } }, /signature \(401\): WEBHOOK_SECRET/],
  ["an SQS that is away", { status: 503, body: {} }, /cannot take events for now \(503\): try again later/],
  ["an event that is refused", { status: 400, body: { reason: "x" } }, /refuses this event \(400\)/],
])("%s at the webhook's address is said in plain words", async (_, behaviour, words) => {
  const at = behaviour && (await startLoopback(() => behaviour));
  const url = `${at?.url ?? `http://127.0.0.1:${await freePort()}`}/webhook`;
  const { code, stderr, stdout } = await replay("good.json", "--url", url);
  await at?.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(words);
  expect(stderr).toContain(`Tried: POST at ${url} (--url)`);
  expect(stderr + stdout).not.toMatch(stackTrace);
  expect(stderr + stdout).not.toMatch(/hush-hush|ann@example/);
});

test("a certificate that nobody trusts is said with what to do, and https where it is http", async () => {
  const proxy = await startTlsProxy(server.url);
  expect((await replay("good.json", "--url", proxy.url)).stderr).toMatch(/NODE_EXTRA_CA_CERTS.*--url/);
  const plain = await replay("good.json", "--url", server.url.replace("http:", "https:"));
  expect(plain.stderr).toMatch(/does --url say https where it is http/);
  const bare = await replay("good.json", "--url", proxy.url.replace("https:", "http:"));
  expect(bare.stderr).toMatch(/does it say http where it is https/);
  expect((await replay("good.json", "--url", "https://hooks.invalid")).stderr).toMatch(/cannot be resolved/);
  await proxy.close();
});

test.each(["127.0.0.1", "localhost"])("nobody listening at %s is said in clear words", async (host) => {
  const { code, stderr, stdout } = await replay(
    "good.json",
    "--url",
    `http://${host}:${await freePort()}/webhook`,
  );
  expect(code).toBe(1);
  expect(stderr).toContain("ECONNREFUSED");
  expect(stderr + stdout).not.toMatch(stackTrace);
});

test.each(["nonsense", "ftp://127.0.0.1/", "http://"])(
  "an address such as %s is refused in clear words",
  async (url) => {
    const { code, stderr } = await replay("good.json", "--url", url);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/url|scheme/i);
    expect(stderr).not.toMatch(stackTrace);
  },
);

test("a connection that is cut is an error in one line", async () => {
  const cutting = await startLoopback(() => "reset");
  const { code, stderr } = await replay("good.json", "--url", cutting.url);
  await cutting.close();
  expect(code).toBe(1);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

test.each(["--help", "-h"])("%s prints the usage and sends nothing", async (flag) => {
  const { code, stdout, stderr } = await replay("good.json", flag);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const word of ["npm run replay", "FILE", "--url", "WEBHOOK_SECRET"]) expect(stdout).toContain(word);
});
