import { expect, it } from "vitest";
import { explain } from "../../lib/diagnosis/explain.ts";
import { RequestError, type RequestFailure } from "../../lib/errors.ts";

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
  [{ status: 409 }, /bitbucket answered 409 to GET projects/],
  [{ service: "port", status: 401 }, /region/],
  [{ service: "port", status: 403 }, /may not read and write blueprints/],
  [{ service: "port", status: 404 }, /https:\/\/api\.getport\.io\/v1/],
  [{ service: "port", status: 200, code: "no_token" }, /not as Port's API/],
  [{ service: "port", code: "ENOTFOUND" }, /PORT_API_URL cannot be resolved/],
])("%j", (failure, words) => {
  const error = new RequestError({ service: "bitbucket", operation: "GET projects", ...failure });
  expect(explain(error)).toMatch(words);
});

it("has no words for what is not a call's failure", () => {
  expect(() => explain(new TypeError("a bug"))).toThrow("a bug");
});
