import { hash } from "./building.ts";
import type { User } from "./model.ts";
import { user, type Workshop } from "./mutation-support.ts";
import { projectAddressTaken, rememberProject } from "./old-addresses.ts";
import { refused } from "./refusals.ts";

export type UserMutators = ReturnType<typeof userMutators>;

/** Changes to people. Bitbucket tells nobody of any. */
export function userMutators(workshop: Workshop) {
  const { data } = workshop;

  function leave(slug: string): User {
    const leaver = user(workshop, slug);
    data.users.splice(data.users.indexOf(leaver), 1);
    leaver.active = false;
    return leaver;
  }

  function rename(target: User, name: string): void {
    const slug = name.toLowerCase();
    if (data.users.some((one) => one !== target && one.slug === slug))
      throw refused(409, `The user name ${name} is taken.`);
    Object.assign(target, { name, slug });
    movePersonalProject(target);
  }

  /** It has its owner's name for a key. */
  function movePersonalProject(owner: User): void {
    const personal = [...data.projects.values()].find((project) => project.owner === owner);
    if (personal === undefined) return;
    const [before, after] = [personal.key.toUpperCase(), `~${owner.slug.toUpperCase()}`];
    if (before === after) return;
    data.projects.delete(before);
    rememberProject(data, before, personal);
    personal.key = after;
    projectAddressTaken(data, after);
    data.projects.set(after, personal);
  }

  return {
    renameUser(slug: string, name: string): void {
      rename(user(workshop, slug), name);
    },

    changeEmail(slug: string, email: string | undefined): void {
      const target = user(workshop, slug);
      if (email === undefined) delete target.emailAddress;
      else target.emailAddress = email;
    },

    /** Not found and not listed any more, but still named by pull requests and commits; maybe without an address. */
    deleteUser(slug: string, { keepsEmail = true } = {}): void {
      const leaver = leave(slug);
      if (!keepsEmail) delete leaver.emailAddress;
    },

    /** Deleted, and nothing left that says who it was. */
    eraseUser(slug: string): void {
      const leaver = leave(slug);
      const alias = `user-${hash(`alias ${leaver.id}`).slice(0, 8)}`;
      delete leaver.emailAddress;
      rename(leaver, alias);
      leaver.displayName = alias;
    },
  };
}
