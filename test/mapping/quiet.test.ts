import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { evaluated, mapperOf, placeOf, resource } from "../support/mapping.ts";
import { rejection } from "../support/rejection.ts";

const secret = "ann@example.org";

it("mapping writes nothing to the process's output, not even what expressions mean to print", async () => {
  const program = `
    import { createMapper } from "./lib/mapping/mapper.ts";
    const properties = { a: ".name | debug", b: ".name | stderr", c: ".name | error", d: ".name.x" };
    const mappings = { identifier: ".name", blueprint: '"b"', properties, relations: {} };
    const mapper = await createMapper([{ kind: "user", port: { entity: { mappings } } }], "m");
    const [mapped] = mapper.map("user", [{ name: "${secret}" }]);
    process.exitCode = mapped.failed.length;
  `;
  const run = promisify(execFile)(process.execPath, ["--input-type=module-typescript", "--eval", program]);
  const { code, stdout, stderr } = (await rejection(run)) as { code: number; stdout: string; stderr: string };
  expect([code, stdout, stderr]).toEqual([2, "", ""]);
});

it("what failed is told by its place, never by a value", async () => {
  const [mapped] = await evaluated('error("no " + .name)', { name: secret });
  expect(mapped?.failed.map(({ place }) => place)).toEqual([placeOf("properties.x")]);
});

it("what cannot be mapped is told without a value of the object", async () => {
  const mapper = await mapperOf(resource({ properties: { x: ".name" } }));
  const circular: Record<string, unknown> = { name: secret };
  circular["self"] = circular;
  const [mapped] = mapper.map("user", [circular as never]);
  expect(mapped?.fault?.reason).toMatch(/deep/);
  expect(JSON.stringify(mapped)).not.toContain(secret);
});
