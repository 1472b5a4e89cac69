import { expect, test } from "vitest";
import type { BitbucketClient } from "../../lib/bitbucket/client.ts";
import type { BitbucketRequest } from "../../lib/bitbucket/rest.ts";
import type { Json } from "../../lib/json.ts";
import { withSigningSecret } from "../../lib/setup/signing-client.ts";
import { failureOf } from "../support/rejection.ts";

const request = (method: BitbucketRequest["method"], body?: BitbucketRequest["body"]): BitbucketRequest => ({
  method,
  path: "projects/PRJ/webhooks",
  operation: `${method} project webhook`,
  ...(body && { body }),
});
const webhook = { name: "hook", configuration: { secret: "read minutes ago", other: 1 } };

/** Sends a request while the secret is one after the other of these, the last of them from then on. */
async function send(
  sent: BitbucketRequest,
  secrets: string[],
  { status = 200, json = { id: 5 } as Json } = {},
) {
  const calls: unknown[] = [];
  const bitbucket = {
    async send({ method, path, operation, body }: BitbucketRequest) {
      const configuration = body?.["configuration"] as { secret?: string } | undefined;
      calls.push([operation, path, configuration?.secret]);
      expect([method, { ...body, configuration: undefined }]).toEqual([
        operation.split(" ")[0],
        { ...sent.body, configuration: undefined },
      ]);
      return { status, headers: new Headers(), text: "", json };
    },
  } as unknown as BitbucketClient;
  let looks = 0;
  const readSecret = async () => secrets[Math.min(looks++, secrets.length - 1)] ?? "";
  const answer = await withSigningSecret(bitbucket, readSecret).send(sent);
  return { calls, answer, looks };
}

test.each([
  ["nothing", undefined],
  ["no configuration", { name: "hook" }],
  ["no secret", { configuration: { other: 1 } }],
])("what writes %s is sent as it is", async (_, body) => {
  const { calls, looks } = await send(request("PUT", body), ["now"]);
  expect([calls, looks]).toEqual([[["PUT project webhook", "projects/PRJ/webhooks", undefined]], 0]);
});

test("a webhook is written with the secret of that moment", async () => {
  const { calls } = await send(request("PUT", webhook), ["now"]);
  expect(calls).toEqual([["PUT project webhook", "projects/PRJ/webhooks", "now"]]);
});

test("a webhook that was changed as the secret changed is changed once more", async () => {
  const { calls } = await send(request("PUT", webhook), ["now", "next"]);
  expect(calls).toEqual([
    ["PUT project webhook", "projects/PRJ/webhooks", "now"],
    ["PUT project webhook", "projects/PRJ/webhooks", "next"],
  ]);
});

test("a webhook that was created as the secret changed is not created twice", async () => {
  const { calls } = await send(request("POST", webhook), ["now", "next", "last"]);
  expect(calls).toEqual([
    ["POST project webhook", "projects/PRJ/webhooks", "now"],
    ["PUT project webhook", "projects/PRJ/webhooks/5", "next"],
    ["PUT project webhook", "projects/PRJ/webhooks/5", "last"],
  ]);
});

test.each<Json>([{}, { id: "5" }, null, []])(
  "of one whose answer, %j, does not tell which it is, that is a failure",
  async (json) => {
    const failure = await failureOf(send(request("POST", webhook), ["now", "next"], { json }));
    expect(failure).toMatchObject({ code: "unexpected_answer", operation: "POST project webhook" });
  },
);

test("a refusal wrote nothing, whatever the secret is by then", async () => {
  const { calls, answer } = await send(request("POST", webhook), ["now", "next"], { status: 409 });
  expect([calls.length, answer.status]).toEqual([1, 409]);
});
