import type { Answer } from "../http.ts";
import { spoiled } from "./broken.ts";
import { type Context, ok } from "./context.ts";
import { type Difference, differences, similarity } from "./differences.ts";
import { bytesOf, contentId } from "./git.ts";
import { asked, page } from "./paging.ts";
import { pathJson } from "./path-json.ts";
import { badRequest } from "./refusals.ts";
import { commitNamed } from "./resolving.ts";
import { repositoryOf } from "./whereabouts.ts";

const nothing = "0".repeat(40);

/** What differs between two commits, or between a commit and the one before. */
export function listChanges(context: Context, key: string, slug: string): Answer {
  const repository = repositoryOf(context, key, slug);
  const { search } = context.request;
  return spoiled(context, repository, "changes", () => {
    const until = search.get("until") ?? "";
    if (until === "") throw badRequest("The 'until' parameter must be supplied", "until");
    const commit = commitNamed(repository, until);
    const since = search.get("since") ?? "";
    const base =
      since === "" ? repository.git.commits.get(commit.parent ?? "") : commitNamed(repository, since);
    const { detectMoves, changesCap } = context.settings;
    const all = differences(base?.tree ?? new Map(), commit.tree, detectMoves);
    const show = (one: Difference) => changeJson(one, context.settings.pathText);
    const answer = page(context, all.slice(0, changesCap), show);
    const body = answer.body as Readonly<Record<string, unknown>>;
    const fields = { fromHash: base?.id ?? nothing, toHash: commit.id, properties: {} };
    return ok({ ...fields, ...body, ...(all.length > changesCap ? cutAt(context, changesCap) : {}) });
  });
}

/** What the page on which the cap falls says of others; nothing for pages before it. */
function cutAt(context: Context, cap: number) {
  const { start, limit } = asked(context, context.settings.pageCap);
  if (start + limit < cap || start >= cap || context.settings.changesCut === "last-page") return {};
  const next = context.settings.changesCut === "empty-page" ? { nextPageStart: cap } : {};
  return { isLastPage: false, ...next };
}

function changeJson({ type, path, from, before, after }: Difference, withText: boolean) {
  const entry = after ?? before;
  const isSubmodule = entry !== undefined && bytesOf(entry) === undefined;
  return {
    contentId: after === undefined ? nothing : contentId(after),
    fromContentId: before === undefined ? nothing : contentId(before),
    path: pathJson(path, withText),
    ...(from === undefined ? {} : { srcPath: pathJson(from, withText) }),
    executable: false,
    percentUnchanged: from === undefined ? -1 : Math.round(similarity(before, after) * 100),
    type,
    nodeType: isSubmodule ? "SUBMODULE" : "FILE",
    links: { self: [null] },
  };
}
