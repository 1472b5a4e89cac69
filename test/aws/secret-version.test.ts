import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Secrets, startSecrets } from "../../infra/local/aws/secrets.ts";
import { createVersionedSecret } from "../../lib/aws/secret-version.ts";
import { createSecretsClient } from "../../lib/aws/secrets-manager.ts";

let secrets: Secrets;
/** What happens to the next call, once. */
let fate: "reset" | "apply-then-reset" | undefined;
const createdAt = Date.UTC(2026, 0, 2);
beforeEach(async () => {
  fate = undefined;
  const intercept = async () => {
    const once = fate;
    fate = undefined;
    return once;
  };
  secrets = await startSecrets({}, { intercept });
  secrets.put("hook", { AWSCURRENT: "new", AWSPREVIOUS: "old" }, createdAt);
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.endpoint);
  vi.stubEnv("AWS_REGION", "local");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await secrets.close();
});

const open = (id = "hook") =>
  createVersionedSecret({ holds: "webhook", id }, createSecretsClient(), new AbortController().signal);
const token = "a token of at least 32 characters";

test("a version is read with its id and when it was put", async () => {
  const version = { id: expect.stringMatching(/^[\w-]{36}$/), createdAt };
  expect(await open().current()).toEqual({ ...version, value: "new" });
  expect(await open().previous()).toEqual({ ...version, value: "old" });
});

test("neither a stage without a version nor an empty value is a version", async () => {
  secrets.put("empty", { AWSCURRENT: "", AWSPREVIOUS: "" });
  await expect(open("empty").current()).rejects.toThrow(/the secret empty is empty: put a long random text/);
  expect(await open("empty").previous()).toBeUndefined();
  secrets.put("new", {});
  await expect(open("new").current()).rejects.toThrow(/the secret new has no value yet: put/);
  expect(await open("new").previous()).toBeUndefined();
});

test("what is put becomes the current value, and what was becomes the previous one", async () => {
  expect(await open().put("newest", token)).toBe(true);
  expect(secrets.values("hook")).toEqual({ AWSCURRENT: "newest", AWSPREVIOUS: "new" });
  expect(await open().current()).toMatchObject({ id: token });
});

test("the same put twice, because an answer was lost, is put once", async () => {
  fate = "apply-then-reset";
  expect(await open().put("newest", token)).toBe(true);
  expect(secrets.values("hook")).toEqual({ AWSCURRENT: "newest", AWSPREVIOUS: "new" });
});

test("another value with the same token is not put", async () => {
  await open().put("newest", token);
  expect(await open().put("another", token)).toBe(false);
  expect(secrets.values("hook").AWSCURRENT).toBe("newest");
});

test("a secret that is not there is an error when it is put, as it is nobody's to create", async () => {
  await expect(open("unknown").put("value", token)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
