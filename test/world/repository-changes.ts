import type { Repository } from "../../infra/local/simulators/bitbucket/server.ts";
import { type Change, projects, repositories, type Stage, somebody, toOneOf } from "./stage.ts";

function rename(repository: Repository, name: string, stage: Stage): void {
  const { project, slug } = repository;
  const payload = stage.bitbucket.renameRepository(project.key, slug, name);
  if (repository.slug !== slug) stage.formerSlugs.push({ key: project.key, slug });
  stage.happened(`${project.key}/${slug} is renamed to ${name}`, payload);
}

export const push: Change = toOneOf(repositories, (repository, stage) => {
  const { project, slug, files } = repository;
  if (stage.random.chance(0.7)) files.set("README.md", `# ${stage.fresh("readme")}\n`);
  const payload = stage.bitbucket.push(project.key, slug, "Go on", somebody(stage).slug);
  stage.happened(`${project.key}/${slug} is pushed to`, payload);
});

export const describe: Change = toOneOf(repositories, ({ project, slug }, stage) => {
  const payload = stage.bitbucket.updateRepository(project.key, slug, {
    description: stage.fresh("all about"),
    public: stage.random.chance(0.5),
  });
  stage.happened(`${project.key}/${slug} is described`, payload);
});

export const renameRepository: Change = toOneOf(repositories, (repository, stage) =>
  rename(repository, stage.fresh("repository"), stage),
);

export const renameTwice: Change = toOneOf(repositories, (repository, stage) => {
  rename(repository, stage.fresh("repository"), stage);
  rename(repository, stage.fresh("repository"), stage);
});

export const renameAndBack: Change = toOneOf(repositories, (repository, stage) => {
  const { name } = repository;
  rename(repository, stage.fresh("repository"), stage);
  rename(repository, name, stage);
});

/** To a name that something, maybe this very repository, had before. */
export const renameToFormer: Change = toOneOf(repositories, (repository, stage) => {
  const free = stage.formerSlugs.filter(
    ({ key, slug }) => key === repository.project.key && !repository.project.repositories.has(slug),
  );
  if (free.length > 0) rename(repository, stage.random.pick(free).slug, stage);
});

/** `docs` becomes `docs-old`, and another becomes `docs`. */
export const takeOver: Change = toOneOf(
  (stage) => repositories(stage).filter(({ project }) => project.repositories.size > 1),
  (repository, stage) => {
    const { project, slug } = repository;
    rename(repository, stage.fresh(`${slug}-old`), stage);
    const others = [...project.repositories.values()].filter((other) => other !== repository);
    rename(stage.random.pick(others), slug, stage);
  },
);

export const changeCase: Change = toOneOf(repositories, (repository, stage) => {
  const { name } = repository;
  const upper = name.toUpperCase();
  rename(repository, name === upper ? name.toLowerCase() : upper, stage);
});

export const moveRepository: Change = toOneOf(repositories, (repository, stage) => {
  const { project, slug } = repository;
  const free = projects(stage).filter(({ repositories: there }) => !there.has(slug));
  if (free.length === 0) return;
  const into = stage.random.pick(free).key;
  const payload = stage.bitbucket.moveRepository(project.key, slug, into);
  stage.formerSlugs.push({ key: project.key, slug });
  stage.happened(`${project.key}/${slug} moves to ${into}`, payload);
});

export const deleteRepository: Change = toOneOf(
  (stage) => (repositories(stage).length > 4 ? repositories(stage) : []),
  ({ project, slug }, stage) => {
    stage.bitbucket.deleteRepository(project.key, slug);
    stage.formerSlugs.push({ key: project.key, slug });
    stage.happened(`${project.key}/${slug} is deleted`);
  },
);

/** Sometimes under a name that something had before. Bitbucket tells of it only when something happens in it. */
export const createRepository: Change = toOneOf(projects, ({ key, repositories: there }, stage) => {
  const former = stage.formerSlugs.filter((one) => one.key === key && !there.has(one.slug));
  const name =
    former.length > 0 && stage.random.chance(0.7)
      ? stage.random.pick(former).slug
      : stage.fresh("repository");
  const { slug } = stage.bitbucket.createRepository(key, { name });
  stage.happened(`${key}/${slug} is created`);
});
