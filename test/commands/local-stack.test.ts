import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLocalStack } from "../../lib/commands/local-stack.ts";
import { makeFolder } from "../support/command.ts";

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = makeFolder();
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function write(text: string): void {
  mkdirSync(".local", { recursive: true });
  writeFileSync(".local/stack.json", text);
}
const url = "http://127.0.0.1:4000/webhook";

test("a stack that runs here is found with its secret", () => {
  write(JSON.stringify({ url, secret: "a secret for tests", pid: 1 }));
  expect(readLocalStack()).toEqual({ url, secret: "a secret for tests" });
});

test.each([{ url }, { url, secret: null }])("a stack may have no secret: %j", (stack) => {
  write(JSON.stringify(stack));
  expect(readLocalStack()).toEqual({ url, secret: undefined });
});

test("where no stack was started none is found", () => {
  expect(readLocalStack()).toBeUndefined();
});

test.each(["", "{", "[]", "null", '{"secret":"x"}', '{"url":4000}'])(
  "a file that does not say where the stack is counts as none: %j",
  (text) => {
    write(text);
    expect(readLocalStack()).toBeUndefined();
  },
);
