import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClosers } from "../../infra/local/closers.ts";
import { type PackagedStack, packageStack } from "../support/package-stack.ts";

const closers = createClosers();
let stack: PackagedStack;
beforeAll(async () => {
  stack = await packageStack({ stage: "prod" }, closers);
});
afterAll(() => closers.close());

/** The most that a bundle may have, in bytes: what a container has to read before it can begin. */
const budgets = {
  webhook: 600_000,
  consumer: 2_500_000,
  backfill: 2_500_000,
  resync: 2_500_000,
  setup: 600_000,
};
const jq = "jq-wasm";
const yaml = "yaml";
const sqs = "@aws-sdk/client-sqs";
const secretsManager = "@aws-sdk/client-secrets-manager";
/** What each function needs of the packages that weigh something. */
const needs = {
  webhook: [sqs, secretsManager],
  consumer: [sqs, secretsManager, jq, yaml],
  backfill: [sqs, secretsManager, jq, yaml],
  resync: [sqs, secretsManager, jq, yaml],
  setup: [secretsManager, yaml],
};

describe.each(Object.entries(budgets))("the bundle of %s", (key, budget) => {
  const name = `${key}.mjs`;
  let folder: string;
  let code: string;
  let sources: readonly string[];
  beforeAll(async () => {
    folder = join(await stack.unpack(key), "functions");
    code = await readFile(join(folder, name), "utf8");
    sources = (JSON.parse(await readFile(join(folder, `${name}.map`), "utf8")) as { sources: string[] })
      .sources;
  });

  it("is alone, with its source map", async () => {
    expect((await readdir(folder)).toSorted()).toEqual([name, `${name}.map`]);
    expect(code.trimEnd().endsWith(`//# sourceMappingURL=${name}.map`)).toBe(true);
  });

  it("keeps within its budget", async () => {
    expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(budget);
  });

  it("is a minified ES module", () => {
    expect(code).toMatch(/\bexport\s*\{[^}]*\bas handler\b/);
    expect(code.length / code.split("\n").length).toBeGreaterThan(200);
  });

  it("holds what the function needs, and nothing of the local stack or the tests", () => {
    const has = (name: string) => sources.some((source) => source.includes(`node_modules/${name}/`));
    expect([jq, yaml, sqs, secretsManager].filter(has).toSorted()).toEqual(
      needs[key as keyof typeof needs].toSorted(),
    );
    const own = sources.filter((source) => !source.includes("node_modules/"));
    expect(own.filter((source) => /(^|\/)(infra|test)\//.test(source))).toEqual([]);
    expect(own.some((source) => source.endsWith(`functions/${key}.ts`))).toBe(true);
  });
});
