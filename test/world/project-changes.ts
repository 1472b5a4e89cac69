import type { Project } from "../../infra/local/simulators/bitbucket/server.ts";
import { type Change, projects, type Stage, toOneOf } from "./stage.ts";

function rekey(project: Project, key: string, stage: Stage): void {
  const before = project.key;
  const payload = stage.bitbucket.updateProject(before, { key });
  stage.formerKeys.push(before);
  stage.happened(`project ${before} gets the key ${key}`, payload);
}

const freeKeys = (stage: Stage) =>
  stage.formerKeys.filter((key) => !stage.bitbucket.data.projects.has(key.toUpperCase()));

/** Those with a key of their own, not their owner's. */
const normal = (stage: Stage) => projects(stage).filter(({ type }) => type === "NORMAL");

export const describeProject: Change = toOneOf(normal, ({ key }, stage) => {
  const change = {
    name: stage.fresh("project"),
    description: stage.fresh("all of"),
    public: stage.random.chance(0.5),
  };
  stage.happened(`project ${key} is described`, stage.bitbucket.updateProject(key, change));
});

export const rekeyProject: Change = toOneOf(normal, (project, stage) =>
  rekey(project, stage.fresh("KEY").toUpperCase(), stage),
);

/** To a key that something, maybe this very project, had before. */
export const rekeyToFormer: Change = toOneOf(normal, (project, stage) => {
  const free = freeKeys(stage);
  if (free.length > 0) rekey(project, stage.random.pick(free), stage);
});

export const deleteProject: Change = toOneOf(
  (stage) => (normal(stage).length > 2 ? normal(stage) : []),
  ({ key }, stage) => {
    stage.bitbucket.deleteProject(key);
    stage.formerKeys.push(key);
    stage.happened(`project ${key} is deleted`);
  },
);

/** With a repository in it. */
export const createProject: Change = (stage) => {
  const free = freeKeys(stage);
  const key =
    free.length > 0 && stage.random.chance(0.7) ? stage.random.pick(free) : stage.fresh("KEY").toUpperCase();
  stage.bitbucket.createProject({ key, name: stage.fresh("project") });
  stage.happened(`project ${key} is created`);
  const { slug } = stage.bitbucket.createRepository(key, { name: stage.fresh("repository") });
  stage.happened(`${key}/${slug} is created`);
  return true;
};
