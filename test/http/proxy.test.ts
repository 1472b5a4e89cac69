import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../../infra/local/aws/server.ts";
import { RequestError } from "../../lib/errors.ts";
import { createHttp } from "../../lib/http/client.ts";
import { readProxy, useProxy } from "../../lib/proxy.ts";
import { type ConnectProxy, startProxy } from "../support/connect-proxy.ts";
import { type Loopback, startLoopback } from "../support/loopback.ts";
import { rejection } from "../support/rejection.ts";

let server: Loopback;
let proxy: ConnectProxy;
let stop: () => void;
beforeEach(async () => {
  server = await startLoopback(() => ({ body: { ok: true } }));
  proxy = await startProxy({
    hosts: { "bitbucket.example.org": server.url },
    forbidden: ["forbidden.example.org"],
  });
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]) {
    vi.stubEnv(name, "");
    vi.stubEnv(name.toLowerCase(), "");
  }
});
afterEach(async () => {
  stop();
  vi.unstubAllEnvs();
  await Promise.all([server.close(), proxy.close()]);
});

/** Calls an address with these settings in the environment. */
async function call(url: string, env: Record<string, string>) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  stop = useProxy(process.env);
  const http = createHttp({
    service: "bitbucket",
    userAgent: "test",
    timeoutMs: 10_000,
    retries: 0,
    maxWaitMs: 0,
  });
  return http.send({ method: "GET", url, operation: "GET it" });
}
const bitbucket = "http://bitbucket.example.org/rest";

describe("a call goes by the proxy", () => {
  it.each([
    ["HTTP_PROXY", bitbucket, "bitbucket.example.org:80"],
    ["http_proxy", bitbucket, "bitbucket.example.org:80"],
    ["HTTPS_PROXY", "https://forbidden.example.org/", "forbidden.example.org:443"],
    ["https_proxy", "https://forbidden.example.org:8443/", "forbidden.example.org:8443"],
    // Where it is alone Node.js takes it for both.
    ["HTTP_PROXY", "https://forbidden.example.org/", "forbidden.example.org:443"],
  ])("of %s to %s", async (name, url, asked) => {
    await call(url, { [name]: proxy.url }).catch(() => {});
    expect(proxy.asked).toEqual([asked]);
  });

  it("and the answer comes back", async () => {
    expect(await call(bitbucket, { HTTP_PROXY: proxy.url })).toMatchObject({ json: { ok: true } });
    expect(server.received).toMatchObject([{ path: "/rest", headers: { host: "bitbucket.example.org" } }]);
  });
});

describe("a call goes without the proxy", () => {
  it("to this machine, whatever is set", async () => {
    const nobody = { HTTP_PROXY: `http://127.0.0.1:${await freePort()}` };
    expect(await call(server.url, nobody)).toMatchObject({ status: 200 });
  });

  it.each([
    "example.org",
    ".example.org",
    "*.example.org",
    "Bitbucket.Example.org",
    "10.0.0.0/8 bitbucket.example.org:80",
    "*",
  ])("to what NO_PROXY says: %s", async (list) => {
    const error = await rejection(call(bitbucket, { HTTP_PROXY: proxy.url, NO_PROXY: list }));
    expect(proxy.asked).toEqual([]);
    // Nobody knows that name: that is Bitbucket's fault then, and not the proxy's.
    expect(error).toMatchObject({
      failure: { code: expect.stringMatching(/^(ENOTFOUND|EAI_)/) },
      advice: "",
    });
  });

  it.each(["other.example.org", "example.com", "bitbucket.example.org:8080"])("but for %s", async (list) => {
    expect(await call(bitbucket, { HTTP_PROXY: proxy.url, no_proxy: list })).toMatchObject({ status: 200 });
  });
});

describe("what the proxy does wrong is said of the proxy, without its password:", () => {
  const withUser = (url: string) => url.replace("//", "//ann:hush-hush@");
  async function failure(url: string, proxyUrl: string): Promise<RequestError> {
    const error = await rejection(call(url, { HTTP_PROXY: withUser(proxyUrl) }));
    if (!(error instanceof RequestError)) throw error;
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain("hush-hush");
    return error;
  }

  it("nothing listens", async () => {
    const error = await failure(bitbucket, `http://127.0.0.1:${await freePort()}`);
    expect(error.failure).toMatchObject({ service: "bitbucket", code: "proxy_ECONNREFUSED" });
    expect(error.failure.status).toBeUndefined();
    expect(error.advice).toMatch(/^the proxy in HTTPS_PROXY .* cannot be reached: nothing listens there/);
  });

  it("its name is unknown", async () => {
    const error = await failure(bitbucket, "http://proxy.invalid:3128");
    expect(error.advice).toMatch(/cannot be reached: its name cannot be resolved/);
  });

  it("it forbids the host", async () => {
    const error = await failure("http://forbidden.example.org", proxy.url);
    expect(error.failure.code).toBe("proxy_403");
    expect(error.advice).toMatch(/refuses to connect to Bitbucket \(403\): have the host allowed there/);
  });

  it("it does not get through", async () => {
    const error = await failure("http://unknown.example.org", proxy.url);
    expect(error.failure.code).toBe("proxy_502");
    expect(error.advice).toMatch(/cannot connect to Bitbucket \(502\)/);
  });
});

it("what the server does wrong is said of the server", async () => {
  await server.close();
  server = await startLoopback(() => "reset");
  await proxy.close();
  proxy = await startProxy({ hosts: { "bitbucket.example.org": server.url } });
  const error = await rejection(call(bitbucket, { HTTP_PROXY: proxy.url }));
  expect(proxy.asked).toHaveLength(1);
  expect(error).toMatchObject({ failure: { code: expect.not.stringMatching(/^proxy/) }, advice: "" });
});

it.each([
  "socks5://ann:hush-hush@proxy.example.org:1080",
  "http://ann:hush-hush@two words:1",
  "ann:hush-hush@",
])("what is no HTTP proxy is refused without its password: %s", (url) => {
  stop = () => {};
  const read = () => readProxy({ HTTPS_PROXY: url });
  expect(read).toThrow(/HTTPS_PROXY is not the URL of an HTTP proxy/);
  expect(read).not.toThrow(/hush-hush/);
});
