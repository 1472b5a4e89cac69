import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadDotEnv } from "../../lib/config/dot-env.ts";
import { parseConfig } from "../../lib/config/parse.ts";

const port = { PORT_CLIENT_ID: "client", PORT_CLIENT_SECRET: "hush" };
const host = { BITBUCKET_HOST: "https://bitbucket.example.org" };
const bitbucketOf = (env: Record<string, string>) => parseConfig({ ...port, ...env }).bitbucket;

describe("the settings", () => {
  it("need nothing but Port's credentials", () => {
    expect(parseConfig(port)).toEqual({
      port: { apiUrl: "https://api.getport.io/v1", clientId: "client", clientSecret: "hush" },
      bitbucket: undefined,
      projects: [],
      personalProjects: false,
      mapping: "default",
      pullRequestState: undefined,
      maxDeletePercent: 30,
    });
  });

  it("take an empty or blank value for none", () => {
    const blank = { PORT_API_URL: "", BITBUCKET_HOST: " ", BITBUCKET_TOKEN: "\n", BITBUCKET_USERNAME: "" };
    expect(
      parseConfig({ ...port, ...blank, MAPPING: "", BITBUCKET_PROJECTS_FILTER: " ", X: undefined }),
    ).toEqual(parseConfig(port));
  });

  it("drop slashes at the end of addresses and keep a context path", () => {
    const env = { ...port, PORT_API_URL: "https://port.example.org/v1//" };
    expect(parseConfig(env).port.apiUrl).toBe("https://port.example.org/v1");
    expect(
      bitbucketOf({ BITBUCKET_HOST: "http://git.example.org:7990/bitbucket/", BITBUCKET_TOKEN: "t" }),
    ).toEqual({ host: "http://git.example.org:7990/bitbucket", authorization: "Bearer t", concurrency: 8 });
  });

  it("drop blanks and line breaks around an address, as files and stack parameters bring them along", () => {
    const env = { BITBUCKET_HOST: " https://bitbucket.example.org/ \n", BITBUCKET_TOKEN: "t" };
    expect(bitbucketOf(env)?.host).toBe("https://bitbucket.example.org");
    const api = parseConfig({ ...port, PORT_API_URL: "https://port.example.org/v1\n" }).port.apiUrl;
    expect(api).toBe("https://port.example.org/v1");
  });

  it("split the wanted projects", () => {
    const projects = (filter: string) => parseConfig({ ...port, BITBUCKET_PROJECTS_FILTER: filter }).projects;
    expect(projects(" MOPP, ~ann ,,prj,")).toEqual(["MOPP", "~ann", "prj"]);
    expect(projects(",")).toEqual([]);
  });

  it("know a mapping by any name", () => {
    expect(parseConfig({ ...port, MAPPING: "./own.yml" }).mapping).toBe("./own.yml");
  });
});

describe("Bitbucket's credentials", () => {
  const login = { BITBUCKET_USERNAME: "ann", BITBUCKET_PASSWORD: "pä:ss" };

  it("as a token are sent as Bearer", () => {
    expect(bitbucketOf({ ...host, BITBUCKET_TOKEN: "tok" })?.authorization).toBe("Bearer tok");
  });

  it("as a name and a password are sent as Basic, in UTF-8", () => {
    expect(bitbucketOf({ ...host, ...login })?.authorization).toBe("Basic YW5uOnDDpDpzcw==");
  });

  it("as a token win over a password", () => {
    expect(bitbucketOf({ ...host, ...login, BITBUCKET_TOKEN: "tok" })?.authorization).toBe("Bearer tok");
  });

  it("missing altogether leave Bitbucket out", () => {
    expect(bitbucketOf(host)).toBeUndefined();
  });
});

describe(".env", () => {
  const folder = mkdtempSync(join(tmpdir(), "dotenv-"));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it("adds to the environment and does not overrule it", () => {
    const path = join(folder, ".env");
    writeFileSync(path, "LIB_TEST_SET=file\nLIB_TEST_NEW=file\n");
    vi.stubEnv("LIB_TEST_SET", "environment");
    vi.stubEnv("LIB_TEST_NEW", undefined);
    loadDotEnv(path);
    expect([process.env["LIB_TEST_SET"], process.env["LIB_TEST_NEW"]]).toEqual(["environment", "file"]);
  });

  it("need not be there", () => {
    expect(() => loadDotEnv(join(folder, "none"))).not.toThrow();
    expect(() => loadDotEnv()).not.toThrow();
  });
});
