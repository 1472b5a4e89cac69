import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = ["functions", "lib", "infra", "test", ".github", ".ci"];
const files = globSync(["*", ".*", `{${folders.join(",")}}/**`], { cwd: root });
/** Files that lie in the repositories of whoever uses this. */
const usersOwn = new Set(["port.yml", "port.yaml"]);
const names = new Set(files.map((file) => basename(file)));

describe("every file that is named is there", () => {
  it.each(["README.md", "OPERATIONS.md", "CONTRIBUTING.md", "CHANGELOG.md"])("in %s", (document) => {
    expect(missing(readFileSync(join(root, document), "utf8"))).toEqual([]);
  });

  it.each([
    ["a link", "See [it](lib/gone.ts#part).", "1: lib/gone.ts"],
    ["a path", "One\n`lib/gone.ts`", "2: lib/gone.ts"],
    ["a folder", "`test/gone/`", "1: test/gone/"],
    ["one of a list", "`lib/{bitbucket,gone}/client.ts`", "1: lib/gone/client.ts"],
    ["a pattern", "`lib/port/*.gone`", "1: lib/port/*.gone"],
    ["a path in a command", "`npx vitest run test/gone`", "1: test/gone"],
    ["a name alone", "`gone.yml`", "1: gone.yml"],
  ])("or else found: %s", (_, text, found) => {
    expect(missing(text)).toEqual([found]);
  });

  it.each([
    ["what is there", "[it](LICENSE) [up](#up) `lib/{bitbucket,port}/` `lib/*.ts` `schema.ts` `.ci/run`"],
    ["addresses", "[it](https://example.com/lib/gone.ts) `https://example.com/gone.json`"],
    ["what the local stack writes", "`.local/gone.json`"],
    ["a user's own files", "`port.yml` `/path/to/ca.pem` `MAPPING=infra/port/mine.yml` `lib/<yours>.ts`"],
    ["what is no name", "`{ a: 1 }` `KEY/slug` `test`\n```sh\ncat lib/gone.ts\n```"],
  ])("and nothing else: %s", (_, text) => {
    expect(missing(text)).toEqual([]);
  });
});

/** The names of files and folders in a document that are not there, each after its line. */
function missing(document: string): string[] {
  const text = document.replace(/^```.*?^```/gms, (block) => block.replace(/[^\n]/g, ""));
  return text.split("\n").flatMap((line, index) => {
    const links = [...line.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target = ""]) => target);
    const words = [...line.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) => code.split(/\s+/));
    const paths = [
      ...links.filter((link) => !/^[a-z]+:/.test(link)),
      ...words.filter(
        (word) => folders.some((folder) => word.startsWith(`${folder}/`)) && !/[<…]/.test(word),
      ),
    ];
    const alone = words.filter((word) => /^[\w.-]+\.(ts|cjs|jsonc?|yml|md)$/.test(word));
    return [
      ...paths.flatMap(alternatives).filter((path) => !isThere(path)),
      ...alone.filter((name) => !names.has(name) && !usersOwn.has(name)),
    ].map((name) => `${index + 1}: ${name}`);
  });
}

/** Writes `{a,b}` out, so that each of them has to be there. */
function alternatives(path: string): string[] {
  const [whole, list] = /\{([^{}]*)\}/.exec(path) ?? [];
  if (whole === undefined || list === undefined) return [path];
  return list.split(",").flatMap((one) => alternatives(path.replace(whole, one)));
}

function isThere(path: string): boolean {
  return path.includes("*") ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path));
}
