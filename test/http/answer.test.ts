import { expect, test } from "vitest";
import { errorCode, networkCode, readBody, redirectTarget } from "../../lib/http/answer.ts";

const coded = (code: unknown, message = "failed") => Object.assign(new Error(message), { code });

test.each<[string, unknown, string]>([
  ["an error's own code", coded("ECONNRESET"), "ECONNRESET"],
  ["the code of its cause", new TypeError("fetch failed", { cause: coded("ENOTFOUND") }), "ENOTFOUND"],
  ["its own where the cause is no error", Object.assign(coded("EPIPE"), { cause: "x" }), "EPIPE"],
  [
    "a port that fetch does not go to",
    new TypeError("fetch failed", { cause: new Error("bad port") }),
    "bad_port",
  ],
  ["the name of an error without a code", new DOMException("late", "TimeoutError"), "TimeoutError"],
  ["the name of one whose code is a number", coded(23), "Error"],
  ["what is no error", "broken", "unknown"],
])("what kept an answer from coming: %s", (_, error, code) => {
  expect(networkCode(error)).toBe(code);
});

test.each([
  ["https://login.example.org:8443/in?back=secret", "https://login.example.org:8443"],
  ["/elsewhere?token=secret", "https://bitbucket.example.org"],
  ["http://[nowhere", undefined],
  [undefined, undefined],
])("of a redirect to %s only scheme, host and port are told", (location, origin) => {
  const headers = new Headers(location === undefined ? {} : { location });
  expect(redirectTarget(headers, "https://bitbucket.example.org/rest")).toBe(origin);
});

test.each([
  ['{"ok":false,"error":"not_found","message":"\\"exceptionName\\":\\"a.B\\""}', "not_found"],
  ['{"errors":[{"exceptionName":"com.atlassian.bitbucket.NoSuchObjectException"}]}', "NoSuchObjectException"],
  ['{"errors":[{"exceptionName":"NoSuchObjectException"}]}', "NoSuchObjectException"],
  ['{"error":"somebody\'s own words"}', undefined],
  ["<html>", undefined],
])("the code of %s is %s", (text, code) => {
  expect(errorCode(text)).toBe(code);
});

test.each<[string | null, number | undefined, string]>([
  ["a whole answer", undefined, "a whole answer"],
  ["a whole answer", 7, "a whole"],
  ["a whole answer", 100, "a whole answer"],
  [null, undefined, ""],
])("of the body %j, with at most %s bytes, is read: %j", async (body, maxBytes, text) => {
  expect(String(await readBody(new Response(body), maxBytes))).toBe(text);
});
