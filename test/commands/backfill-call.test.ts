import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, runCommand, stackTrace } from "../support/command.ts";

test.each(["--help", "-h"])("%s prints every flag and setting, whatever else is wrong", async (flag) => {
  const { code, stdout, stderr } = await runCommand("backfill", ["--fast", flag]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const words = ["npm run backfill", "--projects", "--state", "--dry-run", "--json", "--allow-mass-delete"];
  for (const word of [...words, "PORT_CLIENT_ID", "BITBUCKET_HOST"]) expect(stdout).toContain(word);
});

const complete = {
  PORT_CLIENT_ID: "id",
  PORT_CLIENT_SECRET: "hush-hush",
  // Nothing listens here: a call that goes on in spite of its fault fails in another way.
  PORT_API_URL: "http://127.0.0.1:9",
  BITBUCKET_HOST: "http://127.0.0.1:9",
  BITBUCKET_TOKEN: "hush-hush",
};

test.each([
  ["an unknown flag", ["--fast"], /--fast/],
  ["a word that is no flag", ["MOPP"], /MOPP/],
  ["a flag without its value", ["--projects"], /--projects/],
  ["a value where there is none", ["--dry-run=yes"], /--dry-run/],
  ["an unknown state", ["--state", "SLEEPING"], /--state is none of ALL, OPEN, MERGED, DECLINED/],
  ["an empty state", ["--state", ""], /--state is none of/],
  // Else a variable that is not set would stand for every project there is.
  ["an empty list of projects", ["--projects", ""], /--projects/],
  ["a list of projects with none in it", ["--projects", " , "], /--projects/],
])("%s is a wrong call, with the usage", async (_, args, words) => {
  const { code, stdout, stderr } = await runCommand("backfill", args, { env: complete });
  expect(stderr).toMatch(words);
  expect(stderr).toContain("npm run backfill");
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(stackTrace);
});

test("all faults of the settings are named at once, and no secret", async () => {
  const { code, stdout, stderr } = await runCommand("backfill", ["--json"], {
    env: {
      PORT_CLIENT_SECRET: "hush-hush",
      PORT_API_URL: "not an address hush-hush",
      BITBUCKET_HOST: "https://admin:hush-hush@bitbucket.example.org",
      BITBUCKET_USERNAME: "admin-hush-hush",
      BITBUCKET_CONCURRENCY: "many",
      PULL_REQUEST_STATE: "SLEEPING",
      MAX_DELETE_PERCENT: "101",
    },
  });
  expect(code).toBe(1);
  const names = ["PORT_CLIENT_ID", "PORT_API_URL", "BITBUCKET_HOST", "BITBUCKET_PASSWORD"];
  for (const name of [...names, "BITBUCKET_CONCURRENCY", "PULL_REQUEST_STATE", "MAX_DELETE_PERCENT"]) {
    expect(stderr).toContain(name);
  }
  expect(stdout + stderr).not.toContain("hush-hush");
  expect(stdout + stderr).not.toMatch(stackTrace);
});

test("with nothing set at all it says what is needed", async () => {
  const { code, stderr } = await runCommand("backfill", []);
  expect(code).toBe(1);
  const names = ["PORT_CLIENT_ID", "PORT_CLIENT_SECRET", "BITBUCKET_HOST", "BITBUCKET_TOKEN"];
  for (const name of names) expect(stderr).toContain(name);
});

test.each([
  ["is not there", "gone.yml", undefined],
  ["is no YAML", "broken.yml", "resources: [\n  - kind: {"],
  ["has an expression that is no jq", "jq.yml", mapping("[.slug")],
  ["has an unknown kind", "kind.yml", mapping(".slug").replace("repository", "spaceship")],
])("a mapping file that %s is named, before anything is asked for", async (_, name, content) => {
  const cwd = makeFolder();
  if (content !== undefined) writeFileSync(join(cwd, name), content);
  const env = { ...complete, MAPPING: name };
  const { code, stdout, stderr } = await runCommand("backfill", [], { env, cwd });
  rmSync(cwd, { recursive: true });
  expect(code).toBe(1);
  expect(stderr).toContain(name);
  expect(stdout + stderr).not.toMatch(stackTrace);
});

test(".env fills in what the environment does not say", async () => {
  const cwd = makeFolder();
  writeFileSync(
    join(cwd, ".env"),
    "PORT_CLIENT_ID=id\nPORT_CLIENT_SECRET=hush-hush\nBITBUCKET_HOST=nowhere\n",
  );
  const { stderr } = await runCommand("backfill", [], { env: { BITBUCKET_TOKEN: "hush-hush" }, cwd });
  rmSync(cwd, { recursive: true });
  expect(stderr).toContain("BITBUCKET_HOST is not an http(s) URL");
  expect(stderr).not.toMatch(/PORT_CLIENT|BITBUCKET_TOKEN|hush-hush/);
});

function mapping(identifier: string): string {
  return JSON.stringify({
    resources: [
      {
        kind: "repository",
        selector: { query: "true" },
        port: { entity: { mappings: { identifier, blueprint: '"bitbucketRepository"' } } },
      },
    ],
  });
}
