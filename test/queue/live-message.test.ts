import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { BitbucketEvent } from "../../lib/bitbucket/events.ts";
import type { JsonObject } from "../../lib/json.ts";
import { liveMessage, maxMessageBytes } from "../../lib/queue/live-message.ts";
import { groupId, isSqsId } from "../../lib/queue/sqs-id.ts";

const address = { kind: "repository", key: "PRJ", slug: "app" } as const;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
function event(change: object = {}): BitbucketEvent {
  return {
    key: "repo:refs_changed",
    date: 5,
    change: { type: "see", address, object: { id: 7 }, ...change } as BitbucketEvent["change"],
  };
}

test("a payload goes along as it came, byte for byte, but for the two characters that SQS refuses", () => {
  const body = '{ "eventKey" : "x", "text": "\uFFFE\uFFFF\uFFFDü" }';
  expect(liveMessage(event(), body, "id", 9)).toEqual({
    body: '{"deliveryId":"id","acceptedAt":9,"payload":{ "eventKey" : "x", "text": "\\ufffe\\uffff\uFFFDü" }}',
    groupId: "repository:#7",
    deduplicationId: "id",
  });
});

test.each([
  ["a-z:A.Z_0!~", true],
  ["x".repeat(128), true],
  ["x".repeat(129), false],
  ["", false],
  ["a b", false],
  [" a", false],
  ["ü", false],
  ["a\u007f", false],
  ["a\n", false],
  [undefined, false],
])("%j is an id that SQS takes: %o", (id, taken) => {
  expect(isSqsId(id)).toBe(taken);
  expect(liveMessage(event(), "{}", id, 9).deduplicationId).toBe(taken ? id : sha256("{}"));
});

test("an id is written into the message as JSON", () => {
  const { body } = liveMessage(event(), "{}", 'a"b\\c', 9);
  expect(JSON.parse(body)).toEqual({ deliveryId: 'a"b\\c', acceptedAt: 9, payload: {} });
});

test("a message that just fits is sent whole, one byte more and it is a reference", () => {
  const frame = Buffer.byteLength(liveMessage(event(), "", "id", 9).body);
  const body = `"${"x".repeat(maxMessageBytes - frame - 2)}"`;
  const whole = liveMessage(event(), body, "id", 9).body;
  expect(Buffer.byteLength(whole)).toBe(maxMessageBytes);
  expect(whole).toContain('"payload"');
  const reference = liveMessage(event(), `${body} `, "id", 9).body;
  expect(JSON.parse(reference)).toEqual({
    deliveryId: "id",
    acceptedAt: 9,
    reference: { key: "repo:refs_changed", date: 5, change: { type: "see", address } },
  });
  // What counts is bytes, not characters.
  expect(liveMessage(event(), `"${"ü".repeat(maxMessageBytes / 2)}"`, "id", 9).body).toContain("reference");
  // The rest of a mebibyte is for the reason that a dead letter carries.
  expect(maxMessageBytes).toBe(1024 * 1024 - 2_048);
});

function referenceOf(own: BitbucketEvent): { readonly change: JsonObject } & JsonObject {
  return JSON.parse(liveMessage(own, "x".repeat(maxMessageBytes), "id", 9).body).reference;
}

test("a reference names at most a thousand commits", () => {
  const hashes = Array.from({ length: 1_001 }, (_, index) => String(index));
  expect(referenceOf(event({ hashes })).change["hashes"]).toEqual(hashes.slice(0, 1_000));
  expect(referenceOf(event()).change).not.toHaveProperty("hashes");
});

test("a reference carries the branches of a push all or not at all", () => {
  const branch = (id: string) => ({ id: `refs/heads/${id}`, from: "a".repeat(40), to: "b".repeat(40) });
  const branches = Array.from({ length: 3_000 }, (_, index) => branch(String(index)));
  expect(referenceOf(event({ branches })).change["branches"]).toEqual(branches);
  const tooMany = [...branches, branch("x".repeat(150_000))];
  expect(referenceOf(event({ branches: tooMany })).change).not.toHaveProperty("branches");
  expect(referenceOf(event()).change).not.toHaveProperty("branches");
});

test("a reference carries everything but the object", () => {
  const change = { type: "delete", link: "https://x\uFFFF", createdDate: 3 };
  const own = event(change);
  expect(referenceOf(own)).toEqual({ key: "repo:refs_changed", date: 5, change: { ...change, address } });
});

test("an object's own number names its group, whatever its address", () => {
  const pullRequest = { kind: "pull-request", key: "PRJ", slug: "app", id: 3 } as const;
  expect(groupId({ address, object: { id: 7 } })).toBe("repository:#7");
  expect(groupId({ address: pullRequest, object: { id: 3, toRef: { repository: { id: 7 } } } })).toBe(
    "pull-request:#7/3",
  );
  expect(groupId({ address: pullRequest, object: { id: 3 } })).toBe("pull-request:prj/app/3");
  expect(groupId({ address })).toBe("repository:prj/app");
  const long = { ...address, slug: "x".repeat(200) };
  expect(groupId({ address: long })).toBe(sha256(`repository:prj/${long.slug}`));
});
