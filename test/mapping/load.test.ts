import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../lib/errors.ts";
import { loadMapper, portPath } from "../../lib/mapping/load.ts";
import { resource } from "../support/mapping.ts";
import { rejection } from "../support/rejection.ts";

const folder = mkdtempSync(join(tmpdir(), "mapping-"));
const file = join(folder, "own.yml");
writeFileSync(file, JSON.stringify({ resources: [resource({})] }));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe("a mapping is loaded", () => {
  it.each(["default", "port-docs"])("by the name %s", async (name) => {
    const mapper = await loadMapper(name);
    expect(mapper.name).toBe(name);
    expect(mapper.fields("pull-request")).toContain("merge_commit");
  });

  it("from a user's file, by a path as it is or from the current folder", async () => {
    for (const path of [file, relative(process.cwd(), file)]) {
      const mapper = await loadMapper(path);
      expect(mapper.map("user", [{ name: "ann" }])).toMatchObject([{ entities: [{ identifier: "ann" }] }]);
    }
  });

  it("from a user's file in the package, on AWS", async () => {
    vi.stubEnv("LAMBDA_TASK_ROOT", folder);
    expect((await loadMapper("own.yml")).name).toBe("own.yml");
  });
});

describe("a mapping is not loaded", () => {
  it.each(["none.yml", "Default", "/nowhere/own.yml"])("from %s, where there is no file", async (name) => {
    const error = await rejection(loadMapper(name));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ faults: [`MAPPING ${name} names no file`] });
  });

  it("from a folder", async () => {
    expect(await rejection(loadMapper(folder))).toBeInstanceOf(ConfigError);
  });

  it("from a faulty file, and the file is named", async () => {
    const faulty = join(folder, "faulty.yml");
    writeFileSync(faulty, "resources: []");
    expect(String(await rejection(loadMapper(faulty)))).toContain(faulty);
  });
});

it("a file of the package is found, and it is told when the package lacks it", () => {
  expect(existsSync(portPath("mappings/default.yml"))).toBe(true);
  expect(() => portPath("mappings/none.yml")).toThrow("infra/port/mappings/none.yml is missing");
});
