import * as people from "./people-changes.ts";
import * as project from "./project-changes.ts";
import * as pull from "./pull-request-changes.ts";
import * as repository from "./repository-changes.ts";
import type { Change, Stage } from "./stage.ts";
import * as troubles from "./troubles.ts";

/** How often each change happens, against the others. */
type Share = readonly [weight: number, change: Change];

/** A day on which everybody just works. */
const plain: readonly Share[] = [
  [10, pull.openPullRequest],
  [9, pull.editTitle],
  [4, pull.editDescription],
  [1, pull.retarget],
  [4, pull.pushToBranch],
  [4, pull.setReviewers],
  [8, pull.review],
  [8, pull.comment],
  [6, pull.merge],
  [3, pull.decline],
  [7, repository.push],
  [3, repository.describe],
  [1, project.describeProject],
  [1, people.createUser],
];

/** What happens to addresses. */
const moves: readonly Share[] = [
  [3, pull.deletePullRequest],
  [2, repository.renameRepository],
  [0.7, repository.renameTwice],
  [0.7, repository.renameAndBack],
  [1, repository.renameToFormer],
  [1, repository.takeOver],
  [0.7, repository.changeCase],
  [1.5, repository.moveRepository],
  [1, repository.deleteRepository],
  [2, repository.createRepository],
  [0.6, project.rekeyProject],
  [0.3, project.rekeyToFormer],
  [0.2, project.deleteProject],
  [0.3, project.createProject],
];

const leaving: readonly Share[] = [
  [0.6, people.renameUser],
  [1, people.changeEmail],
  [0.6, people.deleteUser],
  [0.2, people.eraseUser],
];

const breaking: readonly Share[] = [
  [3, troubles.breakRepository],
  [2, troubles.mendRepository],
];

/** The login is away for a few seconds now and then. */
const nobody: readonly Share[] = [
  [1, troubles.expireLogin],
  [6, troubles.restoreLogin],
];

/** What may happen: everybody just works; addresses change; people do; all of these; and all of these with … */
export type Kind = "plain" | "moves" | "people" | "all" | "personal" | "broken" | "nobody";

const kinds: Readonly<Record<Kind, readonly Share[]>> = {
  plain,
  moves: [...plain, ...moves],
  people: [...plain, ...leaving],
  all: [...plain, ...moves, ...leaving],
  personal: [...plain, ...moves, ...leaving],
  broken: [...plain, ...moves, ...leaving, ...breaking],
  nobody: [...plain, ...moves, ...leaving, ...nobody],
};

/** Lets one thing happen. */
export function liveOn(stage: Stage, kind: Kind): void {
  const shares = kinds[kind];
  const total = shares.reduce((sum, [weight]) => sum + weight, 0);
  for (let tries = 0; tries < 20; tries++) {
    let left = stage.random.next() * total;
    const chosen = shares.find(([weight]) => {
      left -= weight;
      return left < 0;
    });
    if (chosen?.[1](stage)) return;
  }
}
