import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../infra/local/aws/server.ts";
import { bitbucketDemoUsername } from "../../infra/local/simulators/bitbucket/server.ts";
import { ConfigError } from "../../lib/errors.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";
import { startTlsProxy } from "../support/private-ca.ts";
import { rejection } from "../support/rejection.ts";
import { type SetupHarness, startSetup, target, writesOf } from "../support/setup.ts";

let harness: SetupHarness;
let server: Loopback | undefined;
afterEach(async () => {
  await harness.close();
  await server?.close();
  server = undefined;
});

/** The faults that a setup with these settings ends with; nothing may have been written. */
async function faultsOf(env: Record<string, string>): Promise<readonly string[]> {
  const error = await rejection(harness.run({}, env));
  if (!(error instanceof ConfigError)) throw error;
  expect([...writesOf(harness.bitbucket), ...writesOf(harness.port)]).toEqual([]);
  expect(error.message).not.toContain(target.secret);
  return error.faults;
}

async function answering(behaviour: Behaviour): Promise<string> {
  server = await startLoopback(() => behaviour);
  return server.url;
}
const html = { headers: { "content-type": "text/html" }, body: "<html>Log in, ann@example.org</html>" };

describe("setup says what is wrong with Bitbucket:", () => {
  it("a name that cannot be resolved", async () => {
    harness = await startSetup();
    expect(await faultsOf({ BITBUCKET_HOST: "https://bitbucket.invalid" })).toEqual([
      expect.stringMatching(/BITBUCKET_HOST cannot be resolved.*DNS/),
    ]);
  });

  it("nobody listening", async () => {
    harness = await startSetup();
    const host = `http://127.0.0.1:${await freePort()}`;
    expect(await faultsOf({ BITBUCKET_HOST: host })).toEqual([
      expect.stringMatching(/cannot be reached at BITBUCKET_HOST: nothing listens.*ECONNREFUSED/),
    ]);
  });

  it("connections that are cut", async () => {
    harness = await startSetup();
    expect(await faultsOf({ BITBUCKET_HOST: await answering("reset") })).toEqual([
      expect.stringMatching(/cannot be reached at BITBUCKET_HOST: the connection is cut/),
    ]);
  });

  it("a certificate of a private CA", async () => {
    harness = await startSetup();
    const proxy = await startTlsProxy(harness.bitbucket.url);
    const faults = await faultsOf({ BITBUCKET_HOST: proxy.url });
    await proxy.close();
    expect(faults).toEqual([expect.stringMatching(/CA.*NODE_EXTRA_CA_CERTS=.*\.pem.*caFile/)]);
  });

  it("https where it is http", async () => {
    harness = await startSetup();
    const host = harness.bitbucket.url.replace("http:", "https:");
    expect(await faultsOf({ BITBUCKET_HOST: host })).toEqual([
      expect.stringMatching(/https where it is http/),
    ]);
  });

  it.each<[string, Behaviour]>([
    ["a log-in page", html],
    ["a proxy's page for what is not there", { ...html, status: 404 }],
    ["a redirect", { status: 302, headers: { location: "/login" } }],
    ["JSON of something else", { body: { ok: true } }],
  ])("%s in place of the API", async (_, behaviour) => {
    harness = await startSetup();
    const faults = await faultsOf({ BITBUCKET_HOST: await answering(behaviour) });
    expect(faults).toEqual([expect.stringMatching(/not as Bitbucket's API.*context path/)]);
    expect(faults.join()).not.toContain("ann@");
  });

  it("a context path that is missing", async () => {
    harness = await startSetup({ bitbucket: { contextPath: "/bitbucket" } });
    const host = harness.bitbucket.url.replace("/bitbucket", "");
    expect(await faultsOf({ BITBUCKET_HOST: host })).toEqual([expect.stringMatching(/context path/)]);
    expect((await harness.run()).ok).toBe(true);
  });

  it("a token that is not accepted", async () => {
    harness = await startSetup();
    expect(await faultsOf({ BITBUCKET_TOKEN: "hush-hush" })).toEqual([
      expect.stringMatching(/does not accept the credentials \(401\).*BITBUCKET_TOKEN/),
    ]);
  });

  it("a CAPTCHA, after one log-in and no more", async () => {
    harness = await startSetup({ bitbucket: { captcha: true } });
    const login = { BITBUCKET_USERNAME: bitbucketDemoUsername, BITBUCKET_PASSWORD: "hush-hush" };
    const faults = await faultsOf({ BITBUCKET_TOKEN: "", ...login });
    expect(faults).toEqual([expect.stringMatching(/CAPTCHA.*browser.*BITBUCKET_TOKEN/)]);
    expect(harness.bitbucket.calls.filter(({ status }) => status === 403)).toHaveLength(1);
  });

  it("a server that is not well", async () => {
    harness = await startSetup();
    expect(await faultsOf({ BITBUCKET_HOST: await answering({ status: 503, body: {} }) })).toEqual([
      expect.stringMatching(/Bitbucket answers 503.*try again/),
    ]);
  });
});

describe("setup says what is wrong with Port:", () => {
  it("credentials of the other region", async () => {
    harness = await startSetup({ port: { clientId: "of another region" } });
    expect(await faultsOf({})).toEqual([
      expect.stringMatching(/PORT_CLIENT_ID.*region.*https:\/\/api\.us\.getport\.io\/v1/),
    ]);
  });

  it("nobody listening", async () => {
    harness = await startSetup();
    expect(await faultsOf({ PORT_API_URL: `http://127.0.0.1:${await freePort()}` })).toEqual([
      expect.stringMatching(/Port cannot be reached at PORT_API_URL/),
    ]);
  });

  it("something else answering", async () => {
    harness = await startSetup();
    expect(await faultsOf({ PORT_API_URL: await answering(html) })).toEqual([
      expect.stringMatching(/not as Port's API.*https:\/\/api\.getport\.io\/v1/),
    ]);
  });

  it("credentials that may not read blueprints", async () => {
    harness = await startSetup({
      port: {
        intercept: ({ path }) =>
          path.includes("/blueprints") ? { status: 403, body: { ok: false, error: "forbidden" } } : undefined,
      },
    });
    expect(await faultsOf({})).toEqual([expect.stringMatching(/may not read and write blueprints/)]);
  });

  it("and with both sides at once", async () => {
    harness = await startSetup({ port: { clientSecret: "another" } });
    const faults = await faultsOf({ BITBUCKET_TOKEN: "hush-hush" });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain("hush-hush");
  });

  it("a blueprint that it refuses, before any webhook is written", async () => {
    harness = await startSetup({
      port: {
        intercept: ({ method, path }) =>
          method === "POST" && path.endsWith("/blueprints")
            ? { status: 422, body: { ok: false, error: "invalid_request" } }
            : undefined,
      },
    });
    await expect(harness.run()).rejects.toThrow(/blueprints could not be written.*\n.*422/);
    expect(writesOf(harness.bitbucket)).toEqual([]);
  });
});
