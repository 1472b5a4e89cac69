import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../infra/local/aws/server.ts";
import { makeFolder, runCommand, stackTrace } from "../support/command.ts";
import { type Loopback, startLoopback } from "../support/loopback.ts";
import { event, pullRequest } from "../support/payloads.ts";

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
