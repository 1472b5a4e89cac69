import { afterEach, beforeEach, expect, test } from "vitest";
import type { SecretVersion } from "../../lib/aws/secrets-manager.ts";
import { createBitbucketClient } from "../../lib/bitbucket/client.ts";
import { RequestError } from "../../lib/errors.ts";
import { withSigningSecret } from "../../lib/setup/signing-client.ts";
import { knownAfterMs, signingSecret } from "../../lib/setup/signing-secret.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";

const now = 1_000_000_000;
const version = (value: string, createdAt: number): SecretVersion => ({ id: value, value, createdAt });

test.each([
  ["the previous secret, as long as a container may not know the new one", knownAfterMs - 1, "old", "old"],
  ["the new secret from then on", knownAfterMs, "old", "new"],
  ["the new secret where there is no other", 0, undefined, "new"],
])("a webhook is signed with %s", async (_, age, previous, expected) => {
  const secret = {
    current: async () => version("new", now - age),
    previous: async () => (previous === undefined ? undefined : version(previous, 0)),
  };
  expect(await signingSecret(secret, () => now)).toBe(expected);
});

let server: Loopback;
let behave: () => Behaviour = () => ({ body: { id: 7 } });
beforeEach(async () => {
  server = await startLoopback(() => behave());
});
afterEach(async () => server.close());

const webhook = { name: "ours", configuration: { secret: "read long ago", else: "theirs" } };
/** Writes a webhook, while the secret is one after the other of these at each look. */
async function write(method: "POST" | "PUT", ...secrets: string[]) {
  const plain = createBitbucketClient(
    { host: server.url, authorization: "Bearer token", concurrency: 1 },
    { maxWaitMs: 0, retries: 0 },
  );
  const looks = [...secrets];
  const client = withSigningSecret(plain, async () => looks.shift() ?? "one look too many");
  const path = method === "POST" ? "projects/K/webhooks" : "projects/K/webhooks/7";
  const operation = `${method} webhook`;
  const answer = await client.send({ method, path, operation, body: webhook, accept: [400] });
  expect(looks).toEqual([]);
  return answer;
}
const written = () =>
  server.received.map(({ method, path, body }) => [
    method,
    path?.replace(/^.*projects/, "projects"),
    (JSON.parse(body) as typeof webhook).configuration,
  ]);

test("a webhook is written with the secret of that moment, whatever its writer had read", async () => {
  await write("PUT", "now", "now");
  expect(written()).toEqual([["PUT", "projects/K/webhooks/7", { secret: "now", else: "theirs" }]]);
});

test("one that was created while the secret changed is updated", async () => {
  await write("POST", "old", "new", "new");
  expect(written().map(([method, path]) => `${method} ${path}`)).toEqual([
    "POST projects/K/webhooks",
    "PUT projects/K/webhooks/7",
  ]);
  expect(written()[1]?.[2]).toMatchObject({ secret: "new" });
});

test("one whose creation is answered without an id cannot be corrected, and that is an error", async () => {
  behave = () => ({ body: {} });
  await expect(write("POST", "old", "new")).rejects.toBeInstanceOf(RequestError);
  behave = () => ({ body: { id: 7 } });
});

test("a refusal that its writer accepts wrote nothing, and is handed on", async () => {
  behave = () => ({ status: 400, body: { errors: [] } });
  expect(await write("PUT", "now")).toMatchObject({ status: 400 });
  behave = () => ({ body: { id: 7 } });
});
