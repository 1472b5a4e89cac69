import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSecretReader } from "../../lib/aws/secrets.ts";
import { webhookSecrets } from "../../lib/aws/webhook-secrets.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";

let server: Loopback;
let answer: Behaviour;
let now = 0;
let logged: string;
let secrets: ReturnType<typeof webhookSecrets>;
const { signal } = new AbortController();
const read = () => secrets(false, signal);

beforeEach(async () => {
  now = 1_000_000;
  logged = "";
  server = await startLoopback(() => answer);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const options = { region: "local", endpoint: server.url, credentials, maxAttempts: 1 };
  secrets = webhookSecrets(
    createSecretReader(new SecretsManagerClient(options), () => now),
    "hook",
    () => now,
  );
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    logged += String(line);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const good = { body: { SecretString: "one", VersionId: "1" } };
const unset = { status: 400, body: { __type: "ResourceNotFoundException", Message: "no secret value" } };

test("a secret that was put a moment ago is good at once, however often there was none before", async () => {
  answer = unset;
  expect(await read()).toEqual([]);
  expect(await read()).toEqual([]);
  answer = good;
  expect(await read()).toEqual(["one", "one"]);
});

test("without a secret the log says which, and what to put", async () => {
  answer = unset;
  await read();
  const line = JSON.parse(logged) as { level: string; detail: string };
  expect(line).toMatchObject({ level: "error", message: "no webhook secret", error: "ConfigError" });
  expect(line.detail).toMatch(/the secret hook has no value yet: put a long random text/);
});

test.each<[string, Behaviour]>([
  ["has no value", unset],
  ["is refused to us", { status: 400, body: { __type: "AccessDeniedException", Message: "no" } }],
  ["cannot be read for now", { status: 500, body: { __type: "InternalServiceError" } }],
])(
  "a thousand forged calls in a minute are no more than forty readings of a secret that %s",
  async (_, trouble) => {
    answer = trouble;
    for (let call = 0; call < 1_000; call++) {
      const outcome = await read().catch(() => "unknown");
      expect(outcome).toEqual(trouble === unset ? [] : "unknown");
      now += 60;
    }
    // Both values of the secret at each reading.
    expect(server.received.length).toBeGreaterThan(2 * 20);
    expect(server.received.length).toBeLessThanOrEqual(2 * 40);
    answer = good;
    now += 2_000;
    expect(await read()).toEqual(["one", "one"]);
  },
);
