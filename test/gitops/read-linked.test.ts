import { expect, test } from "vitest";
import { RequestError } from "../../lib/errors.ts";
import type { GitopsContext } from "../../lib/gitops/context.ts";
import type { Definition } from "../../lib/gitops/definition.ts";
import { readLinked } from "../../lib/gitops/read-linked.ts";
import { rejection } from "../support/rejection.ts";

const repository = { key: "PRJ", slug: "app", id: "7", object: {}, tip: "t" };
type File = Awaited<ReturnType<GitopsContext["bitbucket"]["fileAt"]>>;

function definition(paths: readonly string[]): Definition {
  const properties = Object.fromEntries(paths.map((path) => [path, `file://${path}`]));
  const place = { path: "port.yml", line: 1 };
  return { blueprint: "service", identifier: "a", properties, relations: {}, place };
}

function contextWith(fileAt: (path: string) => File): GitopsContext {
  return {
    bitbucket: { fileAt: async (_: unknown, path: string) => fileAt(path) },
  } as unknown as GitopsContext;
}

const refusal = (status: number) =>
  new RequestError({ service: "bitbucket", operation: "GET raw file", status });

test("each file is read once, and what is missing, too large or not to be had is told apart", async () => {
  const asked: string[] = [];
  const context = contextWith((path) => {
    asked.push(path);
    if (path === "broken.md") throw refusal(400);
    if (path === "missing.md") return { is: "missing" };
    return { is: "here", bytes: Buffer.from(path), isWhole: path !== "large.md" };
  });
  const paths = ["a.md", "missing.md", "large.md", "broken.md"];
  const found = await readLinked(repository, [definition(paths), definition(["a.md"])], context);
  expect(asked).toEqual(paths);
  expect(Object.fromEntries(found)).toMatchObject({
    "a.md": { is: "here", text: "a.md" },
    "missing.md": { is: "missing" },
    "large.md": { is: "unreadable", why: expect.stringContaining("500 kB") },
    "broken.md": { is: "unreadable", why: expect.stringContaining("400") },
  });
});

test.each([503, 429])("a file that may be read later (%i) lets the repository come again", async (status) => {
  const context = contextWith(() => {
    throw refusal(status);
  });
  expect(await rejection(readLinked(repository, [definition(["a.md"])], context))).toBeInstanceOf(
    RequestError,
  );
});

test("beyond two hundred files nothing more is asked for", async () => {
  let asked = 0;
  const context = contextWith(() => {
    asked++;
    return { is: "missing" };
  });
  const paths = Array.from({ length: 205 }, (_, index) => `docs/${index}.md`);
  const found = await readLinked(repository, [definition(paths)], context);
  expect(asked).toBe(200);
  expect(found.get("docs/204.md")).toMatchObject({ is: "unreadable" });
});
