import { describe, expect, it } from "vitest";
import { isPermanentStatus, RequestError, UnprocessableError } from "../lib/errors.ts";

it.each([400, 413, 422])("a status of %i is permanent: the content was refused", (status) => {
  expect(isPermanentStatus(status)).toBe(true);
});

it.each([undefined, 200, 302, 401, 403, 404, 408, 409, 429, 500, 503])(
  "a status of %s may pass later",
  (status) => {
    expect(isPermanentStatus(status)).toBe(false);
  },
);

describe("a failed request", () => {
  const failed = (status?: number) =>
    new RequestError({ service: "port", operation: "GET /x", ...(status === undefined ? {} : { status }) });

  it("says what happened in a sentence", () => {
    expect(failed(503).message).toBe("port answered 503 to GET /x");
    expect(failed().message).toBe("port gave no answer to GET /x");
    const advised = new RequestError({ service: "bitbucket", operation: "GET /y", status: 401 }, "log in");
    expect(advised.message).toBe("bitbucket answered 401 to GET /y: log in");
    expect([advised.name, advised instanceof Error]).toEqual(["RequestError", true]);
  });
});

it("a message that can never be processed has its reason", () => {
  const error = new UnprocessableError("schema", "no object");
  expect([error.name, error.reason, error.message]).toEqual(["UnprocessableError", "schema", "no object"]);
});
