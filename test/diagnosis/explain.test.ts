import { expect, it } from "vitest";
import { advised, asksForPatience, explain } from "../../lib/diagnosis/explain.ts";
import { explainNetwork } from "../../lib/diagnosis/explain-network.ts";
import { tried } from "../../lib/diagnosis/target.ts";
import { notSignedIn, RequestError, type RequestFailure } from "../../lib/errors.ts";

it.each<[Partial<RequestFailure>, RegExp]>([
  [{ code: "EAI_AGAIN" }, /cannot be resolved/],
  [{ code: "ECONNREFUSED" }, /nothing listens there/],
  [{ code: "TimeoutError" }, /no answer comes in time \(TimeoutError\).*firewall/],
  [{ code: "SELF_SIGNED_CERT_IN_CHAIN" }, /NODE_EXTRA_CA_CERTS/],
  [{ code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" }, /NODE_EXTRA_CA_CERTS/],
  [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, /NODE_EXTRA_CA_CERTS/],
  [{ code: "CERT_HAS_EXPIRED" }, /not valid.*CERT_HAS_EXPIRED/],
  [{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, /not valid for the address in BITBUCKET_HOST/],
  [{ code: "EPROTO" }, /https where it is http/],
  [{ code: "ERR_SSL_PACKET_LENGTH_TOO_LONG" }, /https where it is http/],
  [{}, /cannot be reached/],
  [{ status: 301 }, /context path/],
  [{ status: 404 }, /context path/],
  [{ status: 200, code: "not_json" }, /context path/],
  [{ status: 401 }, /does not accept the credentials \(401\)/],
  [{ status: 403 }, /does not accept the credentials \(403\)/],
  [{ status: 401, code: "CaptchaRequiredAuthenticationException" }, /CAPTCHA/],
  [{ status: 403, code: "CaptchaRequiredAuthenticationException" }, /CAPTCHA/],
  [{ status: 429 }, /limits the rate/],
  [{ status: 502 }, /Bitbucket answers 502/],
  [{ code: "CERT_NOT_YET_VALID" }, /not valid \(CERT_NOT_YET_VALID\).*the clock here/],
  [
    { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" },
    /refuses the TLS connection.*client's certificate\? Tried/,
  ],
  [{ code: "ECONNRESET" }, /connection is cut, no answer comes \(ECONNRESET\); does a firewall/],
  [{ code: "bad_port" }, /HTTP clients do not connect to that port/],
  [{ code: "EHOSTUNREACH" }, /no connection comes about \(EHOSTUNREACH\).*does a firewall drop it/],
  [{ code: "EACCES" }, /no connection comes about \(EACCES\).*may this machine connect to it/],
  [{ code: "unexpected_answer" }, /\(404, or something else than was asked for\)/],
  [
    { status: 302, redirectsTo: "https://sso.example.org" },
    /\(302, a redirect to https:\/\/sso.example.org\)/,
  ],
  [
    { status: 401, code: "AuthorisationException" },
    /not let these credentials do that \(401 AuthorisationException\)/,
  ],
  [{ status: 401, code: "IncorrectPasswordAuthenticationException" }, /use an HTTP access token\. Tried/],
  [{ status: 401, code: "other" }, /does a proxy in front of it want a log-in\?/],
  [{ status: 503, retryAfterMs: 29_500 }, /answers 503 and asks for 30 s: it is in maintenance/],
  [{ status: 429, retryAfterMs: 1 }, /limits the rate of calls and asks for 1 s: try again later/],
  [{ status: 409 }, /bitbucket answered 409 to GET projects/],
  [{ service: "port", status: 401 }, /region/],
  [{ service: "port", status: 403 }, /may not read and write blueprints/],
  [{ service: "port", status: 404 }, /https:\/\/api\.getport\.io\/v1/],
  [{ service: "port", status: 200, code: "no_token" }, /not as Port's API/],
  [{ service: "port", code: "ENOTFOUND" }, /PORT_API_URL cannot be resolved/],
  [
    { service: "port", status: 404, code: "not_found", operation: "GET /blueprints/{blueprint}" },
    /no such blueprint \(404\): create it/,
  ],
  [{ service: "port", status: 404, code: "not_found" }, /^port answered 404 to GET projects/],
])("%j", (failure, words) => {
  const error = new RequestError({ service: "bitbucket", operation: "GET projects", ...failure });
  expect(explain(error)).toMatch(words);
});

it("has no words for what is not a call's failure", () => {
  expect(() => explain(new TypeError("a bug"))).toThrow("a bug");
});

it.each<[string, Partial<RequestFailure>, boolean]>([
  ["http://bitbucket.example.org", { code: "ECONNRESET" }, true],
  ["https://bitbucket.example.org", { code: "ECONNRESET" }, false],
  ["http://bitbucket.example.org", { status: 400 }, true],
  ["http://bitbucket.example.org", { status: 301 }, true],
  ["http://bitbucket.example.org", { status: 404 }, false],
  ["http://bitbucket.example.org", { status: 200, code: "not_json" }, false],
  ["https://bitbucket.example.org", { status: 301 }, false],
])("%s that gives %j may want https: %s", (baseUrl, failure, may) => {
  const error = new RequestError({ service: "bitbucket", operation: "GET projects", ...failure });
  const said = explain(error, { bitbucket: { baseUrl } });
  expect(/does it say http where it is https\?/.test(said)).toBe(may);
  expect(said).toContain(`Tried: GET projects at ${baseUrl} (BITBUCKET_HOST; on AWS bitbucketHost)`);
});

it.each(["proxy_407", notSignedIn])("%s is told as whoever made the call told it", (code) => {
  const failure = { service: "bitbucket", operation: "GET projects", code } as const;
  expect(explain(new RequestError(failure, "do this."))).toMatch(
    /^(Bitbucket: )?do this\. Tried: GET projects/,
  );
});

it("what has no parameter on AWS is told without one", () => {
  const target = { name: "The webhook", setting: "--url" };
  expect(explainNetwork("SELF_SIGNED_CERT_IN_CHAIN", target)).not.toMatch(/AWS/);
  expect(tried("POST", target)).toBe("Tried: POST (--url)");
});

it.each<[Partial<RequestFailure>, boolean]>([
  [{ status: 408 }, true],
  [{ status: 429 }, true],
  [{ status: 500 }, true],
  [{ status: 404 }, false],
  [{ code: "ECONNREFUSED" }, false],
])("%j has only to be waited for: %s", (failure, isPatience) => {
  expect(asksForPatience(new RequestError({ service: "port", operation: "POST it", ...failure }))).toBe(
    isPatience,
  );
});

it("only a call's failure can be waited for or gets these words for its advice", () => {
  const bug = new TypeError("a bug");
  expect([asksForPatience(bug), advised(bug, {})]).toEqual([false, bug]);
  const failure = { service: "port", operation: "POST it", status: 401 } as const;
  expect(advised(new RequestError(failure), {})).toMatchObject({
    failure,
    advice: expect.stringMatching(/same region\?.*Tried: POST it/),
  });
});
