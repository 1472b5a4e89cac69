import { describe, expect, it } from "vitest";
import { credentialsSecret, webhookSecret } from "../../../../infra/local/stack/secrets.ts";
import { readSettings } from "../../../../infra/local/stack/settings.ts";

describe("readSettings", () => {
  it("simulates both sides and makes up a secret when the environment names neither", () => {
    const settings = readSettings({ BITBUCKET_HOST: "", WEBHOOK_SECRET: undefined });
    expect(settings).toMatchObject({ realBitbucket: false, realPort: false });
    expect(settings.secret).toMatch(/^[0-9a-f]{40}$/);
    expect(readSettings({}).secret).not.toBe(settings.secret);
  });

  it.each([
    ["BITBUCKET_HOST", { realBitbucket: true, realPort: false }],
    ["PORT_CLIENT_ID", { realBitbucket: false, realPort: true }],
  ])("takes a side as real by %s, and makes up no secret", (name, expected) => {
    expect(readSettings({ [name]: "x" })).toEqual({
      ...expected,
      isGitops: false,
      secret: undefined,
      previousSecret: undefined,
    });
  });

  it("looks for files in the repositories where the environment names some", () => {
    expect(readSettings({ GITOPS_FILES: "**/port.yml" }).isGitops).toBe(true);
    expect(readSettings({ GITOPS_FILES: "" }).isGitops).toBe(false);
  });

  it("leaves an empty secret unconfigured", () => {
    expect(readSettings({ WEBHOOK_SECRET: "" }).secret).toBeUndefined();
  });

  it("serves the secret that is given, and the one before it", () => {
    const settings = readSettings({ WEBHOOK_SECRET: "new", WEBHOOK_SECRET_PREVIOUS: "old" });
    expect(webhookSecret(settings)).toEqual({ AWSCURRENT: "new", AWSPREVIOUS: "old" });
  });
});

describe("credentialsSecret", () => {
  it("holds the credentials that are set, and nothing else", () => {
    const env = { PORT_CLIENT_ID: "id", PORT_CLIENT_SECRET: "s", BITBUCKET_TOKEN: "", HOME: "/root" };
    expect(JSON.parse(credentialsSecret(env).AWSCURRENT ?? "")).toEqual({
      PORT_CLIENT_ID: "id",
      PORT_CLIENT_SECRET: "s",
    });
  });
});
