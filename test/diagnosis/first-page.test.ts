import { afterEach, beforeEach, expect, test } from "vitest";
import type { BitbucketClient, Page } from "../../lib/bitbucket/client.ts";
import { readFirstPage } from "../../lib/diagnosis/first-page.ts";
import { RequestError } from "../../lib/errors.ts";
import { type Loopback, startLoopback } from "../support/loopback.ts";
import { rejection } from "../support/rejection.ts";

const page: Page = { start: 0, values: [], next: undefined };
const late = new RequestError({ service: "bitbucket", operation: "GET projects", code: "TimeoutError" });
const refused = new RequestError({ service: "bitbucket", operation: "GET projects", status: 401 });

let server: Loopback;
/** Resolves when the cheapest address has been asked. */
let asked: PromiseWithResolvers<void>;
let status = 200;
beforeEach(async () => {
  asked = Promise.withResolvers();
  status = 200;
  server = await startLoopback(() => {
    asked.resolve();
    return { status, body: "<html>anything</html>" };
  });
});
afterEach(() => server.close());

/** @param afterMs so long the listing may take before Bitbucket is asked beside */
function readFirst(answer: () => Promise<Page>, afterMs = 1): Promise<Page | undefined> {
  const bitbucket = { baseUrl: server.url, page: answer } as unknown as BitbucketClient;
  return readFirstPage(bitbucket, afterMs);
}
const paths = () => server.received.map(({ path, headers }) => [path, headers.authorization]);

test("a listing that comes at once is all that is asked for", async () => {
  expect(await readFirst(async () => page, 60_000)).toBe(page);
  expect(paths()).toEqual([]);
});

test("while a listing takes its time the cheapest address is asked, without the log-in", async () => {
  const answer = async () => {
    await asked.promise;
    return page;
  };
  expect(await readFirst(answer)).toBe(page);
  expect(paths()).toEqual([["/rest/api/1.0/application-properties", undefined]]);
});

/** A listing that fails as soon as it is waited for a second time: by then the cheapest address has answered. */
function failingAfterThat(error: Error): Promise<Page> {
  const { promise, reject } = Promise.withResolvers<Page>();
  const own = promise.then.bind(promise);
  let waiting = 0;
  return Object.assign(promise, {
    // biome-ignore lint/suspicious/noThenProperty: it is a promise's
    then(...done: Parameters<typeof own>) {
      if (++waiting === 2) reject(error);
      return own(...done);
    },
  });
}

test.each([200, 401, 503])(
  "a listing that never comes is no fault where somebody answers, be it %i",
  async (its) => {
    status = its;
    expect(await readFirst(() => failingAfterThat(late))).toBeUndefined();
  },
);

test("what a listing says is a fault, whoever answers beside", async () => {
  expect(await rejection(readFirst(() => failingAfterThat(refused)))).toBe(refused);
});

test("a listing that never comes is a fault where nobody has answered", async () => {
  expect(await rejection(readFirst(() => Promise.reject(late), 60_000))).toBe(late);
});
