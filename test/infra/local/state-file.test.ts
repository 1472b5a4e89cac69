import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeStateFile, writeStateFile } from "../../../infra/local/state-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
  path = join(folder, "local", "stack.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const running = { url: "http://localhost:3000/webhook", secret: "s" };

describe("the state file", () => {
  it("is for this user's eyes only", () => {
    writeStateFile(running, path);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(running);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("goes when its stack goes", () => {
    writeStateFile(running, path);
    removeStateFile(running, path);
    expect(existsSync(path)).toBe(false);
    removeStateFile(running, path);
  });

  it("stays when another stack has taken it over", () => {
    writeStateFile({ url: "http://localhost:4000/webhook" }, path);
    removeStateFile(running, path);
    expect(existsSync(path)).toBe(true);
  });
});
