import { SecretsManagerClient, type SecretsManagerServiceException } from "@aws-sdk/client-secrets-manager";
import { afterEach, describe, expect, it, vi } from "vitest";
import { refused } from "../../lib/aws/secret-faults.ts";
import { createSecretReader, type SecretReader } from "../../lib/aws/secrets.ts";
import { type Behaviour, type Loopback, startLoopback } from "../support/loopback.ts";
import { rejection } from "../support/rejection.ts";

type Reply = Readonly<Record<string, string>>;
const notFound = "ResourceNotFoundException";
let server: Loopback;
let now = 0;
/** By secret and stage; what is not there is not found. */
let values: Record<string, string | undefined> = {};
let trouble: Behaviour | undefined;
let unreadable: string | undefined;
const secret = (id: string) => ({ holds: "webhook", id }) as const;
const hook = secret("hook");
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

async function start() {
  trouble = undefined;
  unreadable = undefined;
  now = 1_000_000;
  server = await startLoopback(({ headers, body }) => {
    if (trouble !== undefined) return trouble;
    const { SecretId, VersionStage } = JSON.parse(body) as Record<string, string>;
    if (VersionStage === unreadable) return { status: 500, body: { __type: "InternalServiceError" } };
    const name = `${SecretId} ${VersionStage}`;
    if (headers["x-amz-target"] !== "secretsmanager.GetSecretValue") return { status: 404 };
    if (!(name in values))
      return { status: 400, body: { __type: "ResourceNotFoundException", Message: name } };
    return {
      body: { ARN: "arn", Name: SecretId, SecretString: values[name], VersionStages: [VersionStage] },
    };
  });
  const client = new SecretsManagerClient({
    region: "eu-central-1",
    endpoint: server.url,
    credentials,
    maxAttempts: 1,
  });
  return createSecretReader(client, () => now);
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

describe("reading a secret", () => {
  it("gives the values of the stages in their order", async () => {
    values = { "hook AWSCURRENT": "new", "hook AWSPREVIOUS": "old" };
    expect(await (await start()).readBoth(hook)).toEqual(["new", "old"]);
  });

  it("leaves out a previous value that was never set", async () => {
    values = { "hook AWSCURRENT": "new" };
    expect(await (await start()).readBoth(hook)).toEqual(["new"]);
  });

  const put =
    /: put a long random text, .*: aws secretsmanager put-secret-value --secret-id hook --secret-string …/;
  it.each<[string, Reply, RegExp]>([
    [
      "is not there",
      { __type: notFound, Message: "can't find the specified secret." },
      /there is no secret hook/,
    ],
    [
      "has no value yet",
      { __type: notFound, Message: "can't find the specified secret value for staging label: AWSCURRENT" },
      /the secret hook has no value yet/,
    ],
    ["is empty", { SecretString: "" }, /the secret hook is empty/],
    ["is blank", { SecretString: " \n" }, /the secret hook is empty/],
    ["is binary", { SecretBinary: "AAEC" }, /the secret hook holds binary data in place of text/],
    ["was given nothing", {}, /the secret hook has no value yet/],
  ])("says in words that a secret %s, and does not remember it", async (_, reply, words) => {
    const reader = await start();
    trouble = { status: "__type" in reply ? 400 : 200, body: reply };
    for (const read of [() => reader.read(hook), () => reader.readBoth(hook)]) {
      const error = (await rejection(read())) as Error;
      expect(error).toMatchObject({ isUnset: true });
      expect(error.message).toMatch(words);
      expect(error.message).toMatch(put);
    }
    trouble = undefined;
    values = { "hook AWSCURRENT": "one" };
    expect(await reader.read(hook)).toBe("one");
    expect(await reader.readBoth(hook)).toEqual(["one"]);
  });

  it("does not go on with what it knew of a secret that was emptied", async () => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    await reader.read(hook);
    now += 300_000;
    values = { "hook AWSCURRENT": "" };
    await expect(reader.read(hook)).rejects.toThrow(/is empty/);
    await expect(reader.read(hook)).rejects.toThrow(/is empty/);
    values = { "hook AWSCURRENT": "two" };
    expect(await reader.read(hook)).toBe("two");
  });

  it("asks once in five minutes, for a missing stage as well", async () => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    await reader.readBoth(hook);
    values = { "hook AWSCURRENT": "two", "hook AWSPREVIOUS": "one" };
    now += 299_999;
    expect(await reader.readBoth(hook)).toEqual(["one"]);
    expect(server.received).toHaveLength(2);
    now += 1;
    expect(await reader.readBoth(hook)).toEqual(["two", "one"]);
  });

  it("keeps two secrets apart", async () => {
    values = { "a AWSCURRENT": "of a", "b AWSCURRENT": "of b" };
    const reader = await start();
    expect(await reader.read(secret("a"))).toBe("of a");
    expect(await reader.read(secret("b"))).toBe("of b");
  });

  it("fails when it is not allowed or out of order, and asks again the next time", async () => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    trouble = { status: 400, body: { __type: "AccessDeniedException", Message: "no" } };
    expect(await rejection(reader.read(hook))).toMatchObject({ isUnset: false });
    trouble = { status: 500, body: { __type: "InternalServiceError" } };
    await expect(reader.read(hook)).rejects.toThrow();
    trouble = undefined;
    expect(await reader.read(hook)).toBe("one");
  });

  it.each<[string, Behaviour]>([
    ["has a fault", { status: 500, body: { __type: "InternalServiceError" } }],
    ["asks for patience", { status: 400, body: { __type: "ThrottlingException" } }],
    ["cannot be reached", "reset"],
    ["is silent", "silence"],
  ])("goes on with what it knows while Secrets Manager %s, for an hour", async (_, behaviour) => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    const read = () => reader.readBoth(hook);
    await read();
    now += 300_000;
    trouble = behaviour;
    expect(await read()).toEqual(["one"]);
    const calls = server.received.length;
    // Who comes next does not have to wait.
    now += 9_999;
    expect(await read()).toEqual(["one"]);
    expect(server.received).toHaveLength(calls);
    now += 3_600_000;
    await expect(read()).rejects.toThrow();
    trouble = undefined;
    values = { "hook AWSCURRENT": "two", "hook AWSPREVIOUS": "one" };
    expect(await read()).toEqual(["two", "one"]);
  });

  it("keeps all that it knows when one stage alone can be read", async () => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    const read = () => reader.readBoth(hook);
    await read();
    now += 300_000;
    values = { "hook AWSCURRENT": "two", "hook AWSPREVIOUS": "one" };
    unreadable = "AWSPREVIOUS";
    expect(await read()).toEqual(["one"]);
    unreadable = undefined;
    now += 10_000;
    expect(await read()).toEqual(["two", "one"]);
  });

  it.each(["AccessDeniedException", "InvalidRequestException"])(
    "does not go on when the secret was taken away: %s",
    async (type) => {
      values = { "hook AWSCURRENT": "one" };
      const reader = await start();
      await reader.read(hook);
      now += 300_000;
      trouble = { status: 400, body: { __type: type, Message: "no" } };
      const error = (await rejection(reader.read(hook))) as Error;
      expect(error).toMatchObject({ isUnset: false });
      expect(error.message).toMatch(new RegExp(`hook: ${type}: .*(GetSecretValue|deletion)`));
    },
  );

  it("ends with the signal", async () => {
    const reader = await start();
    trouble = "silence";
    const read = reader.read(hook, AbortSignal.timeout(50));
    expect(await rejection(read)).toMatchObject({ name: "AbortError" });
  });

  it("takes AWS's own settings unless told otherwise", async () => {
    values = { "hook AWSCURRENT": "one" };
    await start();
    vi.stubEnv("AWS_REGION", "eu-central-1");
    vi.stubEnv("AWS_ENDPOINT_URL", server.url);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    expect(await createSecretReader().read(hook)).toBe("one");
  });
});

describe("reading past what is remembered", () => {
  const fresh = (reader: SecretReader) => reader.readFresh(hook);

  it("shows a rotation at once, to whoever reads then, too", async () => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    const read = () => reader.readBoth(hook);
    await read();
    values = { "hook AWSCURRENT": "two", "hook AWSPREVIOUS": "one" };
    expect(await read()).toEqual(["one"]);
    expect(await fresh(reader)).toEqual(["two", "one"]);
    expect(await read()).toEqual(["two", "one"]);
  });

  it("happens once a minute, so that forged calls do not become calls to AWS", async () => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    expect(await fresh(reader)).toEqual(["one"]);
    now += 59_999;
    expect(await fresh(reader)).toBeUndefined();
    expect(server.received).toHaveLength(2);
    now += 1;
    expect(await fresh(reader)).toEqual(["one"]);
    expect(server.received).toHaveLength(4);
  });

  it("fails as long as nothing can be told, without a call each time, and then succeeds", async () => {
    values = { "hook AWSCURRENT": "one" };
    const reader = await start();
    trouble = { status: 500, body: { __type: "InternalServiceError" } };
    await expect(fresh(reader)).rejects.toThrow();
    const calls = server.received.length;
    trouble = undefined;
    now += 1_999;
    await expect(fresh(reader)).rejects.toThrow();
    expect(server.received).toHaveLength(calls);
    now += 1;
    expect(await fresh(reader)).toEqual(["one"]);
  });
});

it.each([
  ["AccessDeniedException", "may the function's role call secretsmanager:GetSecretValue on it?"],
  ["DecryptionFailure", "may the function's role call kms:Decrypt with the secret's key?"],
  ["InvalidRequestException", "is it scheduled for deletion?"],
  ["SomethingNewException", "does it exist in this account and region?"],
])("that Secrets Manager answers %s is told with what to look at", (name, advice) => {
  const { message, faults, isUnset } = refused(hook, { name } as SecretsManagerServiceException);
  expect([message.split("\n")[0], isUnset]).toEqual(["The webhook secret cannot be read:", false]);
  expect(faults).toEqual([expect.stringContaining(`hook: ${name}: ${advice}`)]);
});
