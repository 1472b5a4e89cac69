import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { freePort } from "../../infra/local/aws/server.ts";
import { createClosers } from "../../infra/local/closers.ts";
import { makeFolder, runCommand, settingsFor } from "../support/command.ts";
import { type ConnectProxy, startProxy } from "../support/connect-proxy.ts";
import { caCertificate, startTlsProxy } from "../support/private-ca.ts";
import { type SetupHarness, startSetup, target } from "../support/setup.ts";

const closers = createClosers();
const login = "company\\ann:pass@word";
const loginInUrl = "company%5Cann:pass%40word";
let harness: SetupHarness;
let proxy: ConnectProxy;
let folder: string;
beforeAll(async () => {
  harness = await startSetup();
  await harness.run();
  closers.add(() => harness.close());
  const [bitbucket, port] = await Promise.all([
    startTlsProxy(harness.bitbucket.url),
    startTlsProxy(harness.port.url.replace("/v1", "")),
  ]);
  closers.add(bitbucket.close);
  closers.add(port.close);
  const hosts = {
    "bitbucket.example.org": bitbucket.url,
    "port.example.org": port.url,
    "plain.example.org": harness.bitbucket.url,
  };
  proxy = await startProxy({ hosts, login });
  closers.add(proxy.close);
  folder = makeFolder();
  closers.add(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "ca.pem"), caCertificate);
  writeFileSync(join(folder, "event.json"), JSON.stringify({ eventKey: "pr:opened" }));
});
afterAll(() => closers.close());

/** Both sides under names that only the proxy knows, over TLS. */
function run(command: string, args: readonly string[], env: Record<string, string>) {
  const settings = {
    ...settingsFor(harness.bitbucket, harness.port),
    BITBUCKET_HOST: "https://bitbucket.example.org",
    PORT_API_URL: "https://port.example.org/v1",
    WEBHOOK_SECRET: target.secret,
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
  };
  proxy.asked.length = 0;
  return runCommand(command, args, { cwd: folder, env: { ...settings, ...env } });
}
const setup = ["--url", target.url, "--dry-run"];
const replay = [`event.json`, "--url", target.url];
const withUser = (url: string, user: string) => url.replace("//", `//${user}@`);

test("a command goes by the proxy of its environment, with the user and password in the proxy's URL", async () => {
  const env = { HTTPS_PROXY: withUser(proxy.url, loginInUrl) };
  expect(await run("setup", setup, env)).toMatchObject({ code: 0 });
  expect(new Set(proxy.asked)).toEqual(new Set(["bitbucket.example.org:443", "port.example.org:443"]));
});

test("in lower case, without http://, and to an address with http:, too", async () => {
  const url = withUser(proxy.url, loginInUrl).replace("http://", "");
  const env = { https_proxy: url, http_proxy: url, BITBUCKET_HOST: "http://plain.example.org" };
  expect(await run("backfill", ["--dry-run"], env)).toMatchObject({ code: 0 });
  expect(new Set(proxy.asked)).toEqual(new Set(["plain.example.org:80", "port.example.org:443"]));
});

test("named in .env", async () => {
  writeFileSync(join(folder, ".env"), `HTTPS_PROXY=${withUser(proxy.url, loginInUrl)}\n`);
  const { stderr } = await run("replay", replay, {}).finally(() => rmSync(join(folder, ".env")));
  expect(stderr).toMatch(/^the proxy in HTTPS_PROXY .*cannot connect to the webhook \(502\)/);
  expect(proxy.asked).toEqual(["hooks.example.org:443"]);
});

test("what is on this machine is reached without the proxy", async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const { BITBUCKET_HOST = "", PORT_API_URL = "" } = settingsFor(harness.bitbucket, harness.port);
  const env = { BITBUCKET_HOST, PORT_API_URL, HTTP_PROXY: nobody, HTTPS_PROXY: nobody };
  expect(await run("setup", setup, env)).toMatchObject({ code: 0 });
});

it.each([
  ["setup", setup],
  ["backfill", []],
  ["replay", replay],
])("%s names a proxy that cannot be reached as the proxy, without its password", async (command, args) => {
  const env = { HTTPS_PROXY: withUser(`http://127.0.0.1:${await freePort()}`, "ann:hush-hush") };
  const { code, stdout, stderr } = await run(command, args, env);
  expect(code).toBe(1);
  expect(stdout + stderr).toMatch(
    /the proxy in HTTPS_PROXY \(on AWS: httpsProxy\) cannot be reached: nothing listens there \(ECONNREFUSED\)/,
  );
  expect(stdout + stderr).not.toContain("hush-hush");
});

test("a proxy that does not accept the password is asked once for each side, and no more", async () => {
  const { code, stdout, stderr } = await run("setup", setup, {
    HTTPS_PROXY: withUser(proxy.url, "ann:hush-hush"),
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/wants a user and password, or does not accept those in its URL \(407\)/);
  expect(stdout + stderr).not.toContain("hush-hush");
  expect(proxy.asked.toSorted()).toEqual(["bitbucket.example.org:443", "port.example.org:443"]);
});
