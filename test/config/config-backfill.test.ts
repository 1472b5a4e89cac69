import { describe, expect, it } from "vitest";
import type { Environment } from "../../lib/config/config.ts";
import { parseBackfillConfig, parseConfig, parseSetupConfig } from "../../lib/config/parse.ts";
import { ConfigError } from "../../lib/errors.ts";

const port = { PORT_CLIENT_ID: "client", PORT_CLIENT_SECRET: "hush" };
const bitbucket = { BITBUCKET_HOST: "https://bitbucket.example.org", BITBUCKET_TOKEN: "tok" };

function faultsOf(parse: (env: Environment) => unknown, env: Environment): readonly string[] {
  try {
    parse(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("the settings of a backfill", () => {
  it.each(["ALL", "OPEN", "MERGED", "DECLINED"])("list pull requests that are %s", (state) => {
    expect(parseConfig({ ...port, PULL_REQUEST_STATE: state }).pullRequestState).toBe(state);
  });

  it("have limits that can be set", () => {
    const limits = { MAX_DELETE_PERCENT: "0", BITBUCKET_CONCURRENCY: "64" };
    const config = parseConfig({ ...port, ...bitbucket, ...limits });
    expect([config.maxDeletePercent, config.bitbucket?.concurrency]).toEqual([0, 64]);
  });

  it.each<[string, string, string]>([
    ["PULL_REQUEST_STATE", "CLOSED", "is none of ALL, OPEN, MERGED, DECLINED"],
    ["PULL_REQUEST_STATE", "open", "is none of ALL, OPEN, MERGED, DECLINED"],
    ["MAX_DELETE_PERCENT", "101", "is not a whole number from 0 to 100"],
    ["MAX_DELETE_PERCENT", "-1", "is not a whole number from 0 to 100"],
    ["MAX_DELETE_PERCENT", "3.5", "is not a whole number from 0 to 100"],
    ["BITBUCKET_CONCURRENCY", "0", "is not a whole number from 1 to 64"],
    ["BITBUCKET_CONCURRENCY", "65", "is not a whole number from 1 to 64"],
    ["BITBUCKET_CONCURRENCY", "eight", "is not a whole number from 1 to 64"],
  ])("take no %s of %s", (name, value, fault) => {
    expect(faultsOf(parseConfig, { ...port, [name]: value })).toEqual([`${name} ${fault}`]);
  });

  it("have all of their faults named at once", () => {
    const env = { ...port, PULL_REQUEST_STATE: "x", MAX_DELETE_PERCENT: "x", BITBUCKET_USERNAME: "ann" };
    expect(faultsOf(parseConfig, env)).toEqual([
      "PULL_REQUEST_STATE is none of ALL, OPEN, MERGED, DECLINED",
      "MAX_DELETE_PERCENT is not a whole number from 0 to 100",
      "BITBUCKET_PASSWORD is not set, but BITBUCKET_USERNAME is",
    ]);
  });

  it.each([
    ["https://port.example.org", "https://port.example.org/v1"],
    ["https://port.example.org/", "https://port.example.org/v1"],
    ["https://port.example.org/v1", "https://port.example.org/v1"],
    ["https://proxy.example.org/port/v1/", "https://proxy.example.org/port/v1"],
  ])("know Port's address with and without its version: %s", (given, apiUrl) => {
    expect(parseConfig({ ...port, PORT_API_URL: given }).port.apiUrl).toBe(apiUrl);
  });
});

describe("what cannot do without Bitbucket", () => {
  const noCredentials = "neither BITBUCKET_TOKEN nor BITBUCKET_USERNAME and BITBUCKET_PASSWORD are set";
  const noBitbucket = expect.stringMatching(
    /^BITBUCKET_HOST is not set .*bitbucketHost.* needs a Bitbucket .*BITBUCKET_TOKEN/,
  );

  it("gets all settings when they are there", () => {
    const env = { ...port, ...bitbucket };
    expect(parseBackfillConfig(env)).toEqual(parseConfig(env));
  });

  it.each<[string, Environment, string[]]>([
    ["host and credentials", {}, [noBitbucket]],
    ["host and credentials that are blank", { BITBUCKET_HOST: " ", BITBUCKET_TOKEN: "" }, [noBitbucket]],
    ["credentials", { BITBUCKET_HOST: bitbucket.BITBUCKET_HOST }, [noCredentials]],
    ["a host", { BITBUCKET_TOKEN: "tok" }, ["BITBUCKET_HOST is not set, but credentials for it are"]],
  ])("says that it lacks %s", (_, env, faults) => {
    expect(faultsOf(parseBackfillConfig, { ...port, ...env })).toEqual(faults);
  });

  it("may be done without by a setup that is told so, but not a host without credentials", () => {
    expect(parseSetupConfig({ ...port, BITBUCKET_HOST: "none" }).bitbucket).toBeUndefined();
    expect(faultsOf(parseSetupConfig, port)).toEqual([
      "BITBUCKET_HOST is not set (none where there is no Bitbucket)",
      noCredentials,
    ]);
    expect(parseConfig({ ...port, BITBUCKET_HOST: " none " }).bitbucket).toBeUndefined();
    expect(faultsOf(parseBackfillConfig, { ...port, BITBUCKET_HOST: "none" })).toEqual([noBitbucket]);
    const env = { ...port, BITBUCKET_HOST: bitbucket.BITBUCKET_HOST };
    expect(faultsOf(parseSetupConfig, env)).toEqual([noCredentials]);
  });

  it("says that it lacks Port's and Bitbucket's settings at once", () => {
    const faults = faultsOf(parseBackfillConfig, {});
    const named = ["PORT_CLIENT_ID is not set", "PORT_CLIENT_SECRET is not set", noBitbucket];
    expect(faults).toEqual(expect.arrayContaining(named));
  });
});
