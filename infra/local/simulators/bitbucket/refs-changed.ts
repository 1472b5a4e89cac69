import { history } from "./git.ts";
import { commitJson, repositoryJson, type WebhookPayload } from "./json.ts";
import type { Repository } from "./model.ts";
import { payload, type Workshop } from "./mutation-support.ts";
import { isAtLeast } from "./versions.ts";

/** Of the commits that were pushed no more are told. */
const mostCommits = 5;
const nothing = "0".repeat(40);

type RefChange = {
  readonly name: string;
  readonly type: "BRANCH" | "TAG";
  readonly from: string | undefined;
  readonly to: string | undefined;
};

/** Lets something happen to a repository's branches and tags, and says what a webhook hears of all that as one push. */
export function refsChanged(workshop: Workshop, repository: Repository, happen: () => void): WebhookPayload {
  const { git } = repository;
  const before = { branches: new Map(git.branches), tags: new Map(git.tags) };
  happen();
  const changes = [
    ...changed("BRANCH", before.branches, git.branches),
    ...changed("TAG", before.tags, git.tags),
  ];
  return payload(workshop, "repo:refs_changed", workshop.tick(), {
    repository: repositoryJson(repository, workshop.style()),
    changes: changes.map(changeJson),
    ...(isAtLeast(workshop.version, "7.0") ? pushed(workshop, repository, changes) : {}),
  });
}

function changed(
  type: RefChange["type"],
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): RefChange[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names]
    .map((name) => ({ name, type, from: before.get(name), to: now.get(name) }))
    .filter(({ from, to }) => from !== to);
}

function changeJson({ name, type, from, to }: RefChange) {
  const refId = `refs/${type === "TAG" ? "tags" : "heads"}/${name}`;
  return {
    ref: { id: refId, displayId: name, type },
    refId,
    fromHash: from ?? nothing,
    toHash: to ?? nothing,
    type: from === undefined ? "ADD" : to === undefined ? "DELETE" : "UPDATE",
  };
}

/** What newer versions tell beside: the newest commits of the first change, and where it ends. */
function pushed({ style }: Workshop, { git }: Repository, [first]: readonly RefChange[]) {
  if (first?.to === undefined) return { commits: [], toCommit: null };
  const known = new Set(history(git, first.from));
  const json = history(git, first.to)
    .filter((commit) => !known.has(commit))
    .map((commit) => commitJson(commit, commit.parent, style()));
  const [tip] = history(git, first.to).map((commit) => commitJson(commit, commit.parent, style()));
  return { commits: json.slice(0, mostCommits), toCommit: tip ?? null };
}
