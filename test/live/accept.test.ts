import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";
import { sign } from "../../lib/bitbucket/signature.ts";
import type { JsonObject } from "../../lib/json.ts";
import { accept, maxBodyBytes } from "../../lib/live/accept.ts";
import { readMessage } from "../../lib/live/consume.ts";
import { maxMessageBytes, type OutgoingMessage } from "../../lib/queue/live-message.ts";
import { liveMessageSchema } from "../../lib/queue/live-message-schema.ts";
import { event, project, pullRequest, repository, start } from "../support/payloads.ts";

const secret = "correct horse";
let sent: OutgoingMessage[] = [];
beforeEach(() => {
  sent = [];
});

const opened = event("pr:opened", { pullRequest: pullRequest(7) });

function post(
  body: string | Buffer,
  headers: Record<string, string | undefined> = {},
  secrets: readonly string[] = [secret],
) {
  const bytes = Buffer.from(body);
  const send = async (message: OutgoingMessage) => {
    sent.push(message);
  };
  return accept(
    {
      body: bytes,
      headers: { "x-hub-signature": sign(bytes, secret), "x-request-id": randomUUID(), ...headers },
    },
    { secrets: async () => secrets, send },
  );
}

const postJson = (payload: JsonObject, headers = {}) =>
  post(JSON.stringify(payload), { "x-event-key": String(payload["eventKey"]), ...headers });

test("a signed event is queued under its object and its delivery", async () => {
  const requestId = randomUUID();
  expect(await postJson(opened, { "x-request-id": requestId })).toEqual({
    status: 202,
    body: { status: "queued" },
  });
  expect(sent).toMatchObject([{ groupId: "pull-request:#1/7", deduplicationId: requestId }]);
  expect(JSON.parse(sent[0]?.body ?? "")).toMatchObject({ deliveryId: requestId, payload: opened });
});

test("a signature that nobody can check, as the secret cannot be read again, is not refused but unavailable", async () => {
  const body = Buffer.from(JSON.stringify(opened));
  const headers = { "x-hub-signature": sign(body, "the new one") };
  const secrets = async (fresh: boolean) => {
    if (fresh) throw new Error("no answer");
    return ["the old one"];
  };
  const answer = await accept({ headers, body }, { secrets, send: async () => {} });
  expect(answer).toMatchObject({ status: 503, body: { status: "unavailable" } });
});

test("each kind of object has its own group", async () => {
  await postJson(event("repo:modified", { old: repository("PRJ", "app"), new: repository("PRJ", "app") }));
  await postJson(event("project:modified", { old: project("PRJ"), new: project("PRJ") }));
  await postJson(event("repo:refs_changed", { repository: repository("~ann", "x", { id: 2 }), changes: [] }));
  expect(sent.map((it) => it.groupId)).toEqual(["repository:#1", "project:#1", "repository:#2"]);
});

test("without a usable X-Request-Id the body tells deliveries apart", async () => {
  await postJson(opened, { "x-request-id": undefined });
  await postJson(opened, { "x-request-id": "not ascii ü" });
  expect(sent[0]?.deduplicationId).toMatch(/^[0-9a-f]{64}$/);
  expect(sent[1]?.deduplicationId).toBe(sent[0]?.deduplicationId);
});

/** JSON that ends in a text, with as much more of it as makes so many bytes. */
const sized = (json: string, bytes: number) => json.replace(/(?="}+$)/, "x".repeat(bytes - json.length));

const refusals: [string, string | Buffer, Record<string, string | undefined>, number][] = [
  ["no signature", JSON.stringify(opened), { "x-hub-signature": undefined }, 401],
  [
    "a signature with another site's secret",
    JSON.stringify(opened),
    { "x-hub-signature": sign(JSON.stringify(opened), "other") },
    401,
  ],
  [
    "a signature over other bytes",
    `${JSON.stringify(opened)} `,
    { "x-hub-signature": sign(JSON.stringify(opened), secret) },
    401,
  ],
  ["a sha1 signature", JSON.stringify(opened), { "x-hub-signature": `sha1=${"0".repeat(40)}` }, 401],
  [
    "a truncated signature",
    JSON.stringify(opened),
    { "x-hub-signature": sign(JSON.stringify(opened), secret).slice(0, -2) },
    401,
  ],
  ["a body that is not JSON", "eventKey=pr:opened", {}, 400],
  ["an array", "[]", {}, 400],
  ["an empty body", "", {}, 400],
  ["an empty body of an event", "", { "x-event-key": "pr:opened" }, 400],
  ["an unsigned empty body", "", { "x-hub-signature": undefined }, 401],
  [
    "an unsigned empty body of an event",
    "",
    { "x-event-key": "pr:opened", "x-hub-signature": undefined },
    401,
  ],
  ["an event without its object", JSON.stringify({ eventKey: "pr:opened" }), {}, 400],
  ["an event replayed under another key", JSON.stringify(opened), { "x-event-key": "pr:deleted" }, 400],
  ["an event sent as a ping", JSON.stringify(opened), { "x-event-key": "diagnostics:ping" }, 400],
  [
    "an unsigned event sent as a ping",
    JSON.stringify(opened),
    { "x-event-key": "diagnostics:ping", "x-hub-signature": undefined },
    401,
  ],
  [
    "an unsigned event without an object sent as a ping",
    '{"eventKey":"diagnostics:ping"}',
    { "x-event-key": "diagnostics:ping", "x-hub-signature": undefined },
    401,
  ],
  [
    "an unsigned ping of more than 1,000 bytes",
    sized('{"test":""}', 1_001),
    { "x-event-key": "diagnostics:ping", "x-hub-signature": undefined },
    401,
  ],
  [
    "an unsigned ping that is no object",
    "true",
    { "x-event-key": "diagnostics:ping", "x-hub-signature": undefined },
    401,
  ],
  [
    "an unsigned body of a ping under another key",
    '{"test": true}',
    { "x-event-key": "pr:opened", "x-hub-signature": undefined },
    401,
  ],
  ["a body above 6 MiB", Buffer.alloc(maxBodyBytes + 1, "x"), {}, 413],
];
test.each(refusals)("refused and not queued: %s", async (_, body, headers, status) => {
  expect((await post(body, headers)).status).toBe(status);
  expect(sent).toEqual([]);
});

test("without a configured secret everything is refused, whatever it is signed with", async () => {
  for (const secrets of [[], [""]]) {
    const signature = sign(JSON.stringify(opened), "");
    expect((await post(JSON.stringify(opened), {}, secrets)).status).toBe(401);
    expect((await post(JSON.stringify(opened), { "x-hub-signature": signature }, secrets)).status).toBe(401);
  }
  expect(sent).toEqual([]);
});

test("old and new secret are both good during a rotation", async () => {
  expect((await post(JSON.stringify(opened), {}, ["new", secret])).status).toBe(202);
  expect((await post(JSON.stringify(opened), {}, [secret, "new"])).status).toBe(202);
});

test("a secret that was rotated a moment ago is fetched when a signature fails", async () => {
  const body = Buffer.from(JSON.stringify(opened));
  const answer = await accept(
    { body, headers: { "x-hub-signature": sign(body, "new") } },
    {
      secrets: async (fresh) => (fresh ? ["new"] : ["old"]),
      send: async (message) => void sent.push(message),
    },
  );
  expect(answer.status).toBe(202);
});

test("Bitbucket's connection test is answered, signed or not", async () => {
  const ping = { "x-event-key": "diagnostics:ping" };
  for (const headers of [ping, { ...ping, "x-hub-signature": undefined }]) {
    const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    expect(await post('{"test": true}', headers)).toEqual({ status: 200, body: { status: "pong" } });
    // Anybody can send one: in the metrics it would look like an event that was taken.
    expect(written.mock.calls.map(([line]) => String(line)).join()).not.toContain("_aws");
    written.mockRestore();
  }
  expect(sent).toEqual([]);
});

test.each([
  undefined,
  "application/json; charset=utf-8",
  "text/plain",
  "application/octet-stream",
  "nonsense",
])(
  "an older version's connection test, whose body is empty, is answered whatever its content type (%s), signed or not",
  async (type) => {
    const ping = { "x-event-key": "diagnostics:ping", "content-type": type };
    for (const headers of [ping, { ...ping, "x-hub-signature": undefined }]) {
      expect(await post("", headers)).toEqual({ status: 200, body: { status: "pong" } });
    }
    expect(sent).toEqual([]);
  },
);

test("a connection test of exactly 1,000 bytes is answered", async () => {
  const headers = { "x-event-key": "diagnostics:ping", "x-hub-signature": undefined };
  const body = sized('{"test":""}', 1_000);
  expect(await post(body, headers)).toEqual({ status: 200, body: { status: "pong" } });
});

test("a body of exactly 6 MiB is taken", async () => {
  const payload = JSON.stringify({
    eventKey: "pr:opened",
    pullRequest: { ...pullRequest(7), description: "" },
  });
  expect((await post(sized(payload.replace(/}$/, ',"rest":""}'), maxBodyBytes))).status).toBe(202);
  expect(sent).toHaveLength(1);
});

test("the time for a delivery ends the reading of secrets and the sending", async () => {
  const body = Buffer.from(JSON.stringify(opened));
  const headers = { "x-hub-signature": sign(body, "the new one") };
  const signals: AbortSignal[] = [];
  const secrets = async (fresh: boolean, signal: AbortSignal) => {
    signals.push(signal);
    return fresh ? ["the new one"] : ["the old one"];
  };
  const send = (_: OutgoingMessage, signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signals.push(signal);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  expect((await accept({ headers, body }, { secrets, send, deadlineMs: 20 })).status).toBe(503);
  expect(signals).toHaveLength(3);
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

test("a signed event that there is no use for is no error", async () => {
  const answer = await postJson({ eventKey: "repo:secret_detected", secretLocations: [] });
  expect(answer).toEqual({ status: 200, body: { status: "ignored", reason: "event not used" } });
  expect(sent).toEqual([]);
});

test("an event that SQS did not take is not acknowledged", async () => {
  const body = Buffer.from(JSON.stringify(opened));
  const answer = await accept(
    { body, headers: { "x-hub-signature": sign(body, secret) } },
    { secrets: async () => [secret], send: () => Promise.reject(new Error("queue does not exist")) },
  );
  expect(answer.status).toBe(503);
});

test("an SQS that hangs costs no more than the deadline", async () => {
  const body = Buffer.from(JSON.stringify(opened));
  const answer = await accept(
    { body, headers: { "x-hub-signature": sign(body, secret) } },
    { secrets: async () => [secret], send: () => new Promise(() => {}), deadlineMs: 20 },
  );
  expect(answer.status).toBe(503);
});

test("secrets that cannot be read are an outage, not a refusal", async () => {
  const body = Buffer.from(JSON.stringify(opened));
  const answer = await accept(
    { body, headers: { "x-hub-signature": sign(body, secret) } },
    { secrets: () => Promise.reject(new Error("throttled")), send: async () => {} },
  );
  expect(answer.status).toBe(503);
});

test("an event above SQS's limit is queued as a reference that leads to the same object", async () => {
  const long = "x".repeat(1_100_000);
  const oversized = [
    event("pr:modified", { pullRequest: pullRequest(7, { description: long }) }),
    event("pr:deleted", { pullRequest: pullRequest(7, { description: long }) }),
    event("repo:modified", {
      old: repository("PRJ", "old"),
      new: repository("PRJ", "app", { description: long }),
    }),
    event("repo:refs_changed", {
      repository: repository("PRJ", "app", { description: long }),
      changes: [{ toHash: "a".repeat(40) }],
    }),
  ];
  for (const payload of oversized) expect((await postJson(payload)).status).toBe(202);
  for (const message of sent) expect(Buffer.byteLength(message.body)).toBeLessThan(10_000);
  expect(sent.map(({ body }) => readMessage(body, 1))).toMatchObject([
    { event: { date: start, change: { type: "update", address: { key: "PRJ", slug: "app", id: 7 } } } },
    {
      event: {
        change: { type: "delete", link: expect.stringContaining("/pull-requests/7"), createdDate: start },
      },
    },
    { event: { change: { type: "modify", address: { slug: "app" }, old: { slug: "old" } } } },
    { event: { change: { type: "see", hashes: ["a".repeat(40)] } } },
  ]);
});

test("every message that is queued can be read again, whatever characters it holds, and fits SQS", async () => {
  // SQS takes tab, line feed, carriage return and the characters that XML 1.0 knows.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what SQS's documentation lists
  const taken = /^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
  const anyText = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\uFFFF", "\uFFFE", "\u0000", "😀"),
  );
  await fc.assert(
    fc.asyncProperty(anyText, async (title) => {
      sent = [];
      const payload = event("pr:opened", { pullRequest: pullRequest(7, { title }) });
      expect((await postJson(payload)).status).toBe(202);
      const body = sent[0]?.body ?? "";
      expect(taken.test(body)).toBe(true);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxMessageBytes);
      expect(liveMessageSchema.parse(JSON.parse(body))).toMatchObject({ payload });
    }),
  );
});
