import type { WebhookPayload } from "../../infra/local/simulators/bitbucket/json.ts";
import type {
  BitbucketSimulator,
  Mutators,
  Project,
  PullRequest,
  Repository,
  User,
} from "../../infra/local/simulators/bitbucket/server.ts";
import type { Random } from "./random.ts";

/** What changes have at hand. */
export interface Stage {
  readonly bitbucket: Mutators & Pick<BitbucketSimulator, "data" | "break" | "expireLogin" | "restoreLogin">;
  readonly random: Random;
  /** A name or text that was never used before. */
  fresh(word: string): string;
  /** Told at once of every single change, with what Bitbucket would send; undefined = it tells nobody. */
  happened(what: string, payload?: WebhookPayload): void;
  /** Slugs and keys that were given up, for somebody else to take. */
  readonly formerSlugs: { readonly key: string; readonly slug: string }[];
  readonly formerKeys: string[];
}

/** A change that something in the world undergoes; false when there is nothing to undergo it. */
export type Change = (stage: Stage) => boolean;

export function projects({ bitbucket }: Stage): Project[] {
  return [...bitbucket.data.projects.values()];
}

export function repositories(stage: Stage): Repository[] {
  return projects(stage).flatMap((project) => [...project.repositories.values()]);
}

export function pullRequests(stage: Stage): PullRequest[] {
  return repositories(stage).flatMap((repository) => [...repository.pullRequests.values()]);
}

export function nameOf(pull: PullRequest): readonly [string, string, number] {
  const { project, slug } = pull.toRef.repository;
  return [project.key, slug, pull.id];
}

/** Somebody; the first of all does everything that nobody in particular does, and stays. */
export function somebody({ bitbucket, random }: Stage): User {
  return random.pick(bitbucket.data.users);
}

/** A change to one of several; none when there are none. */
export function toOneOf<Item>(
  items: (stage: Stage) => Item[],
  change: (item: Item, stage: Stage) => void,
): Change {
  return (stage) => {
    const all = items(stage);
    if (all.length === 0) return false;
    change(stage.random.pick(all), stage);
    return true;
  };
}
