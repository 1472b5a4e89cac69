import { expect, test } from "vitest";
import { createPace } from "../../lib/http/pace.ts";
import { createServiceHttp } from "../../lib/http/service-client.ts";
import { pauseSeconds } from "../../lib/queue/pause.ts";
import { startLoopback } from "../support/loopback.ts";
import { rejection } from "../support/rejection.ts";

const now = 1_700_000_000_000;
const limited = (reset: string) => new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset });

test.each([
  ["seconds to go", "30"],
  ["epoch seconds", String(now / 1000 + 30)],
  ["epoch milliseconds", String(now + 30_000)],
])("a used-up limit is waited for until its reset, given in %s", (_, reset) => {
  expect(createPace("port", 1_000, () => now).after(limited(reset), 200)).toBe(30_000);
});

test("a reset that nobody can read holds nothing back", () => {
  for (const reset of ["soon", "0", "-5"]) {
    expect(createPace("port", 1_000, () => now).after(limited(reset), 200)).toBeUndefined();
  }
});

test("whoever asks for little over and over waits longer all the same", () => {
  expect(pauseSeconds(20, 3_000)).toBe(3);
  expect(pauseSeconds(21, 3_000)).toBe(900);
  expect(pauseSeconds(21, 7_200_000)).toBe(7_200);
});

test("a client that is stopped makes the call that is under way and no other", async () => {
  const stop = new AbortController();
  const server = await startLoopback(() => {
    stop.abort();
    return { body: { ok: true } };
  });
  const http = createServiceHttp("port", { maxWaitMs: 1_000, stop: stop.signal });
  const send = () => http.send({ method: "GET", url: `${server.url}/a`, operation: "GET a", headers: {} });
  expect((await send()).status).toBe(200);
  expect(await rejection(send())).toMatchObject({ name: "AbortError" });
  await server.close();
  expect(server.received).toHaveLength(1);
});
