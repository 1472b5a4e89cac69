import type { Broken } from "../../infra/local/simulators/bitbucket/server.ts";
import { type Change, repositories, type Stage, toOneOf } from "./stage.ts";

/** Ways in which a repository breaks without that anything of it is said not to exist. */
const ways: readonly Broken[] = [
  { commits: 500 },
  { raw: 500 },
  { commits: 500, raw: 500 },
  { pullRequests: 401 },
  { pullRequests: 500 },
  { pullRequests: "no-next-page" },
  { pullRequests: "same-page" },
  { object: 500 },
];

/** Something of a repository cannot be read any more. */
export const breakRepository: Change = toOneOf(repositories, ({ project, slug }, stage) => {
  const way = stage.random.pick(ways);
  stage.bitbucket.break(project.key, slug, way);
  stage.happened(`${project.key}/${slug} breaks: ${JSON.stringify(way)}`);
});

export const mendRepository: Change = toOneOf(repositories, ({ project, slug }, stage) => {
  stage.bitbucket.break(project.key, slug, {});
  stage.happened(`${project.key}/${slug} is mended`);
});

/** The token is good no more, and nobody says so. */
export const expireLogin: Change = (stage) => {
  stage.bitbucket.expireLogin();
  stage.happened("the login expires");
  return true;
};

export const restoreLogin: Change = (stage) => {
  stage.bitbucket.restoreLogin();
  stage.happened("the login is good again");
  return true;
};

/** Before the last backfill all can be read again. */
export function mendAll(stage: Stage): void {
  for (const { project, slug } of repositories(stage)) stage.bitbucket.break(project.key, slug, {});
  stage.bitbucket.restoreLogin();
}
