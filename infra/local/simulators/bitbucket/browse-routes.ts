import type { Answer } from "../http.ts";
import { spoiled } from "./broken.ts";
import { type Context, ok } from "./context.ts";
import { bytesOf, contentId } from "./git.ts";
import type { Entry, StoredCommit } from "./model.ts";
import { asked, page } from "./paging.ts";
import { pathJson } from "./path-json.ts";
import { commitAt, foundAt, inOrder } from "./resolving.ts";
import { repositoryOf } from "./whereabouts.ts";

const linesPerPage = 500;

/** A file's lines, what lies in a folder, or with `type=true` or `size=true` just that. */
export function browse(context: Context, key: string, slug: string, path = ""): Answer {
  const repository = repositoryOf(context, key, slug);
  const { search } = context.request;
  return spoiled(context, repository, "raw", () => {
    const found = foundAt(context, repository, path);
    const commit = commitAt(context, repository);
    if (search.get("type") === "true")
      return ok({ type: typeOf(found.is === "file" ? found.entry : undefined) });
    if (found.is === "folder") return folder(context, commit, path);
    const bytes = bytesOf(found.entry);
    if (bytes === undefined) return ok({ type: "SUBMODULE", contentId: contentId(found.entry) });
    return search.get("size") === "true" ? ok({ size: bytes.length }) : lines(context, bytes.toString());
  });
}

function typeOf(entry: Entry | undefined): "FILE" | "DIRECTORY" | "SUBMODULE" {
  if (entry === undefined) return "DIRECTORY";
  return bytesOf(entry) === undefined ? "SUBMODULE" : "FILE";
}

function lines(context: Context, text: string): Answer {
  const all = text.replace(/\n$/, "").split("\n");
  const { start, limit } = asked(context, linesPerPage, linesPerPage);
  const shown = all.slice(start, start + limit).map((line) => ({ text: line }));
  const isLastPage = start + limit >= all.length;
  const next = isLastPage ? {} : { nextPageStart: start + limit };
  return ok({ lines: shown, start, size: shown.length, limit, isLastPage, ...next });
}

function folder(context: Context, { id, tree }: StoredCommit, path: string): Answer {
  const prefix = path === "" ? "" : `${path}/`;
  const beneath = [...tree.keys()].filter((one) => one.startsWith(prefix));
  const names = new Set(beneath.map((one) => one.slice(prefix.length).split("/")[0] ?? ""));
  const { body: children } = page(context, inOrder(names), (name) => {
    const entry = tree.get(prefix + name);
    const size = entry === undefined ? undefined : bytesOf(entry)?.length;
    return {
      path: pathJson(name, context.settings.pathText),
      ...(entry === undefined ? {} : { contentId: contentId(entry) }),
      type: typeOf(entry),
      ...(size === undefined ? {} : { size }),
    };
  });
  return ok({ path: pathJson(path, context.settings.pathText), revision: id, children });
}
