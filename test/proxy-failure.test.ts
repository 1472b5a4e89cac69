import { expect, test, vi } from "vitest";
import { isProxyCode, ProxyError } from "../lib/errors.ts";
import { explainProxy } from "../lib/explain-proxy.ts";
import { proxyAgents } from "../lib/proxy.ts";
import { blameProxy, blamingProxy, proxyFailure } from "../lib/proxy-failure.ts";
import { rejection } from "./support/rejection.ts";

const proxy = "http://proxy.example.org:3128";
const error = (fields: object, message = "failed") => Object.assign(new Error(message), fields);
const fetchFailed = (cause: unknown) => new TypeError("fetch failed", { cause });
const refused = fetchFailed(error({ code: "ECONNREFUSED" }));

test.each([
  ["as undici says it", fetchFailed(error({}, "Proxy response (407) !== 200")), "proxy_407"],
  ["as an agent says it", error({ code: "ERR_PROXY_TUNNEL", statusCode: 502 }), "proxy_502"],
  ["without a status", error({ code: "ERR_PROXY_TUNNEL" }), "proxy_ERR_PROXY_TUNNEL"],
  [
    "with a status that is none",
    error({ code: "ERR_PROXY_TUNNEL", statusCode: "x" }),
    "proxy_ERR_PROXY_TUNNEL",
  ],
  ["with another error's status", error({ code: "ERR_X", statusCode: 502 }), undefined],
  ["of a connection that breaks off", fetchFailed(error({ code: "ECONNRESET" })), undefined],
  ["that is no error", "Proxy response (407)", undefined],
])("a failure %s is the proxy's or not", (_, failure, code) => {
  expect(proxyFailure(failure, "https://port.example.org", { HTTPS_PROXY: proxy })).toBe(code);
});

test.each<[string, string, Record<string, string>, boolean]>([
  ["https://port.example.org/v1", "no proxy", {}, false],
  ["https://port.example.org/v1", "one for https", { HTTPS_PROXY: proxy }, true],
  ["http://port.example.org/v1", "one for https", { HTTPS_PROXY: proxy }, false],
  ["http://port.example.org/v1", "one for http", { HTTP_PROXY: proxy }, true],
  ["https://port.example.org", "none for anything", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, false],
  [
    "https://port.example.org",
    "none for the host",
    { HTTPS_PROXY: proxy, NO_PROXY: "a.b, PORT.example.org" },
    false,
  ],
  [
    "https://port.example.org",
    "none for what is above it",
    { HTTPS_PROXY: proxy, NO_PROXY: ".Example.org" },
    false,
  ],
  [
    "https://port.example.org",
    "none for a pattern",
    { HTTPS_PROXY: proxy, NO_PROXY: "*.example.org" },
    false,
  ],
  [
    "https://port.example.org",
    "none for the port",
    { HTTPS_PROXY: proxy, NO_PROXY: "port.example.org:443" },
    false,
  ],
  [
    "http://port.example.org",
    "none for the port",
    { HTTP_PROXY: proxy, NO_PROXY: "port.example.org:80" },
    false,
  ],
  [
    "https://port.example.org",
    "none for another port",
    { HTTPS_PROXY: proxy, NO_PROXY: "port.example.org:80" },
    true,
  ],
  [
    "https://port.example.org:8443",
    "none for its port",
    { HTTPS_PROXY: proxy, NO_PROXY: "port.example.org:8443" },
    false,
  ],
  [
    "https://port.example.org",
    "none for another host",
    { HTTPS_PROXY: proxy, NO_PROXY: "ort.example.org" },
    true,
  ],
])("that nothing listens for %s, with %s set, is the proxy's fault or not", (url, _, env, isProxys) => {
  expect(proxyFailure(refused, url, env)).toBe(isProxys ? "proxy_ECONNREFUSED" : undefined);
});

test("a proxy that is to blame is named, without its URL; any other error stays as it is", async () => {
  const tunnel = error({ code: "ERR_PROXY_TUNNEL", statusCode: 407 });
  const blamed = await rejection((async () => blameProxy(tunnel, "https://sqs.example.org", "SQS"))());
  expect(blamed).toBeInstanceOf(ProxyError);
  expect(blamed).toMatchObject({ code: "proxy_407", message: expect.stringContaining("user and password") });
  const other = new TypeError("a bug");
  expect(() => blameProxy(other, "https://sqs.example.org", "SQS")).toThrow(other);
});

test.each([
  [undefined, false],
  [3128, true],
])(
  "a call of the AWS SDK to the port %s, of a host that is not to go by the proxy, is the proxy's fault: %s",
  (port, is) => {
    const env = { HTTPS_PROXY: proxy, NO_PROXY: "sqs.example.org:443" };
    for (const [name, value] of Object.entries(env)) {
      vi.stubEnv(name, value);
      vi.stubEnv(name.toLowerCase(), "");
    }
    try {
      const blame = blamingProxy("SQS", {
        protocol: "https:",
        hostname: "sqs.example.org",
        ...(port && { port }),
      });
      expect(() => blame(refused)).toThrow(is ? "nothing listens there" : "fetch failed");
    } finally {
      vi.unstubAllEnvs();
    }
  },
);

test.each([
  ["proxy_407", "wants a user and password, or does not accept those in its URL (407)"],
  ["proxy_403", "refuses to connect to SQS (403): have the host allowed there; put the host into NO_PROXY"],
  ["proxy_502", "cannot connect to SQS (502): is the host spelt right, and does the proxy reach it?"],
  ["proxy_ECONNREFUSED", "cannot be reached: nothing listens there (ECONNREFUSED)"],
  ["proxy_ENOTFOUND", "cannot be reached: its name cannot be resolved (ENOTFOUND)"],
  ["proxy_EAI_AGAIN", "cannot be reached: its name cannot be resolved (EAI_AGAIN)"],
  ["proxy_ETIMEDOUT", "cannot be reached: no connection comes about (ETIMEDOUT)"],
])("%s means that the proxy %s", (code, words) => {
  expect(explainProxy(code, "SQS")).toContain(`the proxy in HTTPS_PROXY (on AWS: httpsProxy) ${words}`);
});

test.each([
  ["proxy_407", true],
  ["ECONNREFUSED", false],
  [undefined, false],
])("%s is a code of the proxy's: %s", (code, is) => {
  expect(isProxyCode(code)).toBe(is);
});

test("a client of the AWS SDK has agents that go by the proxy, and none where there is no proxy", () => {
  expect(proxyAgents({})).toEqual({});
  const agents = proxyAgents({ HTTPS_PROXY: proxy, NO_PROXY: "port.example.org" });
  for (const agent of [agents.httpAgent, agents.httpsAgent])
    expect(agent).toMatchObject({
      options: {
        proxyEnv: { HTTPS_PROXY: proxy, NO_PROXY: expect.stringContaining("port.example.org") },
      },
    });
});
