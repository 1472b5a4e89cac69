import { expect, test } from "vitest";
import { sign } from "../../lib/bitbucket/signature.ts";
import { accept, maxBodyBytes } from "../../lib/live/accept.ts";
import { collectLines } from "../support/output.ts";
import { event, pullRequest } from "../support/payloads.ts";

const secret = "correct horse";
const opened = JSON.stringify(event("pr:opened", { pullRequest: pullRequest(7) }));

const lines = collectLines();

async function deliver(body: string | Buffer, headers: Record<string, string> = {}, send = async () => {}) {
  const bytes = Buffer.from(body);
  const signed = { "x-hub-signature": sign(bytes, secret), ...headers };
  return accept({ body: bytes, headers: signed }, { secrets: async () => [secret], send });
}
const metrics = () => lines().filter((line) => "_aws" in line);
const logged = () => lines().filter((line) => !("_aws" in line));
const unsigned = { "x-hub-signature": "sha256=00" };

test.each<[string, string | Buffer, Record<string, string>, Record<string, number>]>([
  ["an event that is queued", opened, {}, { queued: 1 }],
  ["an event without a use", '{"eventKey":"repo:secret_detected"}', {}, { ignored: 1 }],
  ["a wrong signature", opened, unsigned, { rejected: 1 }],
  ["a body that is no event", "{}", {}, { rejected: 1 }],
  ["a body that is too large", Buffer.alloc(maxBodyBytes + 1), {}, { rejected: 1 }],
])("in the metrics %s counts once, as what it is", async (_, body, headers, counted) => {
  await deliver(body, headers);
  expect(metrics()).toHaveLength(1);
  const { _aws, FunctionName: _name, ...values } = metrics()[0] ?? {};
  expect(values).toEqual({ received: 1, ...counted });
});

test("an event that SQS did not take counts as rejected, and the log says why", async () => {
  await deliver(opened, {}, () => Promise.reject(new TypeError("gone")));
  expect(metrics()).toMatchObject([{ received: 1, rejected: 1 }]);
  expect(metrics()[0]).not.toHaveProperty("queued");
  expect(logged()).toMatchObject([
    { level: "error", message: "delivery not accepted", error: "TypeError" },
    { level: "warn", status: 503, outcome: "unavailable" },
  ]);
});

test("what is taken and what is refused is logged with the delivery's ids, its size and its reason", async () => {
  const ids = { "x-request-id": "a3:b.c-d_e", "x-event-key": "pr:opened" };
  const bytes = Buffer.byteLength(opened);
  const own = { deliveryId: "a3:b.c-d_e", eventKey: "pr:opened", bytes };
  await deliver(opened, ids);
  await deliver(opened, { ...ids, ...unsigned });
  expect(logged()).toMatchObject([
    { level: "info", message: "delivery answered", status: 202, outcome: "queued", ...own },
    {
      level: "warn",
      message: "delivery answered",
      status: 401,
      outcome: "refused",
      reason: "the signature is missing or wrong",
      ...own,
    },
  ]);
});

test.each([
  ["words", "call me maybe"],
  ["an e-mail address", "ann@example.org"],
  ["a line of its own", 'x"}\n{"level":"error"'],
  ["an id with something before it", "?pr:opened"],
  ["an id with something behind it", "pr:opened?"],
  ["nothing", ""],
  ["129 characters", "x".repeat(129)],
])("a header value that is no id is not logged: %s", async (_, value) => {
  await deliver(opened, { ...unsigned, "x-request-id": value, "x-event-key": value });
  expect(logged()).toHaveLength(1);
  expect(logged()[0]).not.toHaveProperty("deliveryId");
  expect(logged()[0]).not.toHaveProperty("eventKey");
});

test("an id of 128 characters is logged", async () => {
  await deliver(opened, { ...unsigned, "x-request-id": "x".repeat(128) });
  expect(logged()).toMatchObject([{ deliveryId: "x".repeat(128) }]);
});
