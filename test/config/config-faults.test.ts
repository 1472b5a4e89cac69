import { describe, expect, it } from "vitest";
import type { Environment } from "../../lib/config/config.ts";
import { parseConfig } from "../../lib/config/parse.ts";
import { ConfigError } from "../../lib/errors.ts";

const port = { PORT_CLIENT_ID: "client", PORT_CLIENT_SECRET: "hush" };

function errorOf(env: Environment): ConfigError {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the settings were taken");
}

describe("faulty settings", () => {
  it("are all named at once", () => {
    const env = { PORT_API_URL: "api.example.org", BITBUCKET_HOST: "ftp://x", BITBUCKET_USERNAME: "ann" };
    expect(errorOf(env).faults).toEqual([
      "PORT_API_URL is not an http(s) URL",
      "PORT_CLIENT_ID is not set",
      "PORT_CLIENT_SECRET is not set",
      "BITBUCKET_HOST is not an http(s) URL",
      "BITBUCKET_PASSWORD is not set, but BITBUCKET_USERNAME is",
    ]);
  });

  it("are told in one message, a line for each", () => {
    expect(errorOf({}).message).toBe(
      "The settings are not complete:\n  - PORT_CLIENT_ID is not set\n  - PORT_CLIENT_SECRET is not set",
    );
    expect(errorOf({}).name).toBe("ConfigError");
  });

  it.each<[string, Environment, string[]]>([
    [
      "a name without a password",
      { BITBUCKET_USERNAME: "x" },
      ["BITBUCKET_PASSWORD is not set, but BITBUCKET_USERNAME is"],
    ],
    [
      "a password without a name",
      { BITBUCKET_PASSWORD: "x" },
      ["BITBUCKET_USERNAME is not set, but BITBUCKET_PASSWORD is"],
    ],
  ])("include %s", (_, env, faults) => {
    expect(errorOf({ ...port, BITBUCKET_HOST: "https://git.example.org", ...env }).faults).toEqual(faults);
  });

  it.each<[string, Environment]>([
    ["a token", { BITBUCKET_TOKEN: "x" }],
    ["a login", { BITBUCKET_USERNAME: "x", BITBUCKET_PASSWORD: "y" }],
  ])("include %s without a host", (_, env) => {
    expect(errorOf({ ...port, ...env }).faults).toEqual([
      "BITBUCKET_HOST is not set, but credentials for it are",
    ]);
  });

  it.each([
    "bitbucket.example.org",
    "https://",
    "https:///x",
    "ftp://git.example.org",
    "https://a b",
    "//git",
  ])("include %o for a host", (value) => {
    const env = { ...port, BITBUCKET_HOST: value, BITBUCKET_TOKEN: "t" };
    expect(errorOf(env).faults).toEqual(["BITBUCKET_HOST is not an http(s) URL"]);
  });

  it("include credentials within the host's address, which no request can be made with", () => {
    const env = { ...port, BITBUCKET_HOST: "https://ann:hidden@git.example.org", BITBUCKET_TOKEN: "t" };
    const error = errorOf(env);
    expect(error.faults).toHaveLength(1);
    expect(error.faults[0]).toMatch(/^BITBUCKET_HOST /);
    expect(error.message).not.toContain("hidden");
  });

  it("are named without any value", () => {
    const values = {
      PORT_API_URL: "secret-1",
      PORT_CLIENT_SECRET: "secret-2",
      BITBUCKET_HOST: "secret-3",
      BITBUCKET_TOKEN: "secret-4",
      BITBUCKET_PASSWORD: "secret-5",
      WEBHOOK_SECRET: "secret-6",
    };
    const error = errorOf(values);
    expect(error.faults.length).toBeGreaterThanOrEqual(4);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain("secret-");
  });
});
