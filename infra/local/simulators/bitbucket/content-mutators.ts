import { committed, type NewCommit } from "./committing.ts";
import { collectGarbage, stored } from "./git.ts";
import type { WebhookPayload } from "./json.ts";
import type { Entry, Repository } from "./model.ts";
import { repository, type Workshop } from "./mutation-support.ts";
import { refsChanged } from "./refs-changed.ts";

export type { NewCommit } from "./committing.ts";
export type ContentMutators = ReturnType<typeof contentMutators>;

/** Changes to what is in repositories. Those that return something return what Bitbucket would send. */
export function contentMutators(workshop: Workshop) {
  /** `happen` gets the repository. */
  function change(key: string, slug: string, happen: (target: Repository) => void): WebhookPayload {
    const target = repository(workshop, key, slug);
    return refsChanged(workshop, target, () => happen(target));
  }

  function commit(
    key: string,
    slug: string,
    changes: Readonly<Record<string, Entry | null>>,
    options: NewCommit = {},
  ): WebhookPayload {
    return change(key, slug, (target) => {
      const name = options.branch ?? target.defaultBranch;
      const parent = target.git.branches.get(name);
      const tree = stored(target.git, parent)?.tree ?? target.git.unborn;
      target.git.branches.set(name, committed(workshop, target, { parent, tree }, changes, options));
    });
  }

  return {
    /** A commit on the default branch that leaves the files alone, by a user (a slug; unless given, the first). */
    push(key: string, slug: string, message = "Go on", by?: string): WebhookPayload {
      return commit(key, slug, {}, { message, ...(by === undefined ? {} : { by }) });
    },

    /** A commit with new contents by path; null takes a file away. */
    commit,

    /** Sets a branch to a commit, or to a new first commit with nothing but these files: what was there is history. */
    forcePush(
      key: string,
      slug: string,
      to: string | Readonly<Record<string, Entry>>,
      options: NewCommit = {},
    ): WebhookPayload {
      return change(key, slug, (target) => {
        const base = { parent: undefined, tree: new Map() };
        const tip =
          typeof to === "string" ? existing(target, to) : committed(workshop, target, base, to, options);
        target.git.branches.set(options.branch ?? target.defaultBranch, tip);
      });
    },

    /** @param from a branch or a commit; unless given, the default branch */
    createBranch(key: string, slug: string, name: string, from?: string): WebhookPayload {
      return change(key, slug, (target) => void target.git.branches.set(name, existing(target, from)));
    },

    deleteBranch(key: string, slug: string, name: string): WebhookPayload {
      return change(key, slug, (target) => void target.git.branches.delete(name));
    },

    tag(key: string, slug: string, name: string, at?: string): WebhookPayload {
      return change(key, slug, (target) => void target.git.tags.set(name, existing(target, at)));
    },

    deleteTag(key: string, slug: string, name: string): WebhookPayload {
      return change(key, slug, (target) => void target.git.tags.delete(name));
    },

    /** What of these changes is one push; nothing, for a push that changed nothing that is told. */
    pushTogether(key: string, slug: string, happen: () => void): WebhookPayload {
      return change(key, slug, happen);
    },

    /** Another branch, which need not be there. Bitbucket tells nobody. */
    setDefaultBranch(key: string, slug: string, name: string): void {
      repository(workshop, key, slug).defaultBranch = name;
    },

    /** Forgets the commits that no branch and no tag leads to. */
    collectGarbage(key: string, slug: string): void {
      collectGarbage(repository(workshop, key, slug).git);
    },
  };
}

function existing({ git, defaultBranch, slug }: Repository, at = defaultBranch): string {
  const id = git.branches.get(at) ?? at;
  if (git.commits.has(id)) return id;
  throw new Error(`The simulated Bitbucket has no ${at} in ${slug}`);
}
