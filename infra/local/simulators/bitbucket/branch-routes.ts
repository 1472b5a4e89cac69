import type { Answer } from "../http.ts";
import { type Context, ok } from "./context.ts";
import type { Repository } from "./model.ts";
import { page } from "./paging.ts";
import { noSuchAddress } from "./refusals.ts";
import { tipOf } from "./resolving.ts";
import { isAtLeast } from "./versions.ts";
import { repositoryOf } from "./whereabouts.ts";

/** The configured default branch; older versions do not know this address. */
export function defaultBranch(context: Context, key: string, slug: string): Answer {
  if (!isAtLeast(context.settings.version, "7.0")) throw noSuchAddress(context.request.call.path);
  const repository = repositoryOf(context, key, slug);
  tipOf(repository);
  return ok(branchName(repository.defaultBranch));
}

/** The older address of the same, with the tip. */
export function branchesDefault(context: Context, key: string, slug: string): Answer {
  const repository = repositoryOf(context, key, slug);
  return ok(branchJson(repository, repository.defaultBranch, tipOf(repository).id));
}

export function listBranches(context: Context, key: string, slug: string): Answer {
  const repository = repositoryOf(context, key, slug);
  const filter = (context.request.search.get("filterText") ?? "").toLowerCase();
  const branches = [...repository.git.branches].filter(([name]) => name.toLowerCase().includes(filter));
  return page(context, branches, ([name, tip]) => branchJson(repository, name, tip));
}

function branchName(displayId: string) {
  return { id: `refs/heads/${displayId}`, displayId, type: "BRANCH" };
}

function branchJson({ defaultBranch: standard }: Repository, name: string, tip: string) {
  return { ...branchName(name), latestCommit: tip, latestChangeset: tip, isDefault: name === standard };
}
