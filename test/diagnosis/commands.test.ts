import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGate } from "../../lib/http/gate.ts";
import { type Ended, lastLine, makeFolder, runCommand, runScript, stackTrace } from "../support/command.ts";
import { type Situation, type Surroundings, situations, startSurroundings } from "../support/situations.ts";

/** Commands in every situation, some at a time: most of them wait for somebody. */
const together = createGate(9);
let surroundings: Surroundings;
const ended = new Map<string, Ended>();
const folder = makeFolder();
beforeAll(async () => {
  surroundings = await startSurroundings();
  const backfill = async (situation: Situation) => {
    const env = surroundings.settingsIn(situation);
    ended.set(situation.name, await together(() => runCommand("backfill", ["--json"], { env })));
  };
  await Promise.all(situations.map(backfill));
}, 180_000);
afterAll(async () => {
  await surroundings.close();
  rmSync(folder, { recursive: true });
});

describe("npm run backfill says before it does anything what is wrong:", () => {
  test.each(situations.map((it) => [it.name, it] as const))("%s", (name, { words }) => {
    const it = ended.get(name);
    if (it === undefined) throw new Error("it was not run");
    const told = it.stdout.split("\n").filter((line) => line.startsWith("! "));
    expect(told).toEqual(words.map((regex) => expect.stringMatching(regex)));
    expect(it.stderr).toBe("");
    expect(it.code).toBe(1);
    const problems = words.map((regex) => expect.stringMatching(regex));
    expect(lastLine(it)).toMatchObject({ ok: false, problems });
    expect(it.stdout + it.stderr).not.toMatch(stackTrace);
    expect(it.stdout + it.stderr).not.toMatch(secrets);
  });
});

const secrets = /hush-hush|demo-client-secret|demo-access-token|ann@example/;

test.each(["both sides at once", "a token that Bitbucket does not accept"])(
  "npm start with real hosts ends with the same words: %s",
  async (name) => {
    const situation = situations.find((it) => it.name === name);
    if (situation === undefined) throw new Error("no such situation");
    const env = { ...surroundings.settingsIn(situation), HTTP_PORT: "0" };
    const { code, stderr, stdout } = await runScript("infra/local/start.ts", [], { env, cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The pipeline cannot begin:\n/);
    for (const words of situation.words) expect(stderr).toMatch(new RegExp(words.source, "m"));
    expect(stderr + stdout).not.toMatch(stackTrace);
    expect(stderr + stdout).not.toMatch(secrets);
  },
);
