import { addUser } from "../../infra/local/simulators/bitbucket/building.ts";
import { type Change, projects, type Stage, toOneOf } from "./stage.ts";

/** Those who may change: the first of all stays as it is. */
const others = ({ bitbucket }: Stage) => bitbucket.data.users.slice(1);
/** Those who may leave: a few have to be left, and who has a project stays. */
const spare = (stage: Stage) => {
  const owners = projects(stage).map(({ owner }) => owner);
  return others(stage).length > 4 ? others(stage).filter((user) => !owners.includes(user)) : [];
};

export const renameUser: Change = toOneOf(others, ({ slug }, stage) => {
  const name = stage.fresh("user");
  stage.bitbucket.renameUser(slug, name);
  stage.happened(`user ${slug} is renamed to ${name}`);
});

export const changeEmail: Change = toOneOf(others, ({ slug }, stage) => {
  const email = stage.random.chance(0.8) ? `${stage.fresh("mail")}@example.org` : undefined;
  stage.bitbucket.changeEmail(slug, email);
  stage.happened(`user ${slug} gets the address ${email}`);
});

export const deleteUser: Change = toOneOf(spare, ({ slug }, stage) => {
  stage.bitbucket.deleteUser(slug, { keepsEmail: stage.random.chance(0.5) });
  stage.happened(`user ${slug} is deleted`);
});

export const eraseUser: Change = toOneOf(spare, ({ slug }, stage) => {
  stage.bitbucket.eraseUser(slug);
  stage.happened(`user ${slug} is erased`);
});

export const createUser: Change = (stage) => {
  const slug = stage.fresh("user");
  const email = stage.random.chance(0.8) ? { emailAddress: `${slug}@example.org` } : {};
  addUser(stage.bitbucket.data, { name: slug, slug, displayName: stage.fresh("Somebody"), ...email });
  stage.happened(`user ${slug} is created`);
  return true;
};
