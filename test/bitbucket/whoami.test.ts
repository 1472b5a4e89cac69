import { expect, test } from "vitest";
import { whoami } from "../../lib/bitbucket/whoami.ts";
import { RequestError } from "../../lib/errors.ts";
import { rejection } from "../support/rejection.ts";

const host = "https://bitbucket.example.org/tools";
const answering = (text: string) => async () => ({
  status: 200,
  headers: new Headers(),
  text,
  json: undefined,
});

test("Bitbucket is asked beneath its context path, for a short text", async () => {
  const asked: unknown[] = [];
  const name = await whoami(host, async (url, call) => {
    asked.push([url, call.plain, call.maxBytes]);
    return answering("ann\n")();
  });
  expect(name).toBe("ann");
  expect(asked).toEqual([[`${host}/plugins/servlet/applinks/whoami`, true, 1_000]]);
});

test.each([
  ["", ""],
  ["Ann Example", "Ann Example"],
  ["<!doctype html><title>Log in</title>", undefined],
  ["one line\nand another", undefined],
  ["x".repeat(256), undefined],
])("of the answer %j the login is %j", async (text, name) => {
  expect(await whoami(host, answering(text))).toBe(name);
});

test("where Bitbucket does not answer, it does not tell", async () => {
  const failure = new RequestError({ service: "bitbucket", operation: "GET whoami", status: 500 });
  expect(await whoami(host, () => Promise.reject(failure))).toBeUndefined();
});

test.each(["AbortError", "TimeoutError"])("%s: the run's time is up, which is no answer", async (name) => {
  const over = new DOMException("over", name);
  expect(await rejection(whoami(host, () => Promise.reject(over)))).toBe(over);
});
