import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../infra/local/aws/server.ts";
import { postSample, sampleEntity } from "../../../infra/local/demo/sample.ts";
import { type Stack, startStack } from "../../../infra/local/stack.ts";
import { projectRoot } from "../../support/package-stack.ts";

describe("startStack", () => {
  let stack: Stack;
  beforeAll(async () => {
    // As for whoever copies .env.example and fills in nothing, on a machine with a proxy on the way out: nothing that
    // is played here may go by that.
    const env = parseEnv(readFileSync(join(projectRoot, ".env.example"), "utf8"));
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const proxy = { HTTP_PROXY: nobody, HTTPS_PROXY: nobody, NO_PROXY: "10.0.0.0/8" };
    stack = await startStack({ env: { ...env, ...proxy } });
  });
  afterAll(() => stack?.stop());

  it("turns the sample event into an entity", async () => {
    expect(await postSample(stack)).toMatch(/^202 /);
    const { port } = stack;
    if (port === undefined) throw new Error("Port is not simulated");
    expect(await sampleEntity(port)).toMatchObject({
      identifier: "MOPP/data-analyses/2",
      title: "lint code",
    });
  });

  it("brings bodies to the handler whatever their size or bytes", async () => {
    for (const [body, status] of [
      [Buffer.alloc(7_000_000, "a"), 413],
      [Buffer.from([0xff, 0x00, 0x22]), 401],
      [Buffer.from("null"), 401],
    ] as const) {
      const answer = await fetch(`${stack.url}/webhook`, { method: "POST", body });
      expect(answer.status).toBe(status);
    }
  });

  it("ends its process and leaves no bundles behind", async () => {
    await stack.stop();
    await stack.ended;
    expect(existsSync(join(projectRoot, ".local", `bundles-${process.pid}-1`))).toBe(false);
  });
});
