import {
  addProject,
  addRepository,
  addUser,
  emptyData,
  hash,
} from "../../infra/local/simulators/bitbucket/building.ts";
import type { BitbucketData, Project } from "../../infra/local/simulators/bitbucket/server.ts";

const keys = ["APP", "BOX", "CAR"];
const names = ["docs", "tools", "site"];

/**
 * A small Bitbucket to begin with; pull requests come as life goes on.
 * @param at when its commits were made, epoch ms
 * @param personal whether the second user has a project, too
 */
export function beginning(at: number, personal = false): BitbucketData {
  const data = emptyData();
  for (let number = 1; number <= 7; number++) {
    const slug = `person-${number}`;
    const email = number === 7 ? {} : { emailAddress: `${slug}@example.org` };
    addUser(data, { name: slug, slug, displayName: `Person ${number}`, ...email });
  }
  for (const key of keys) fill(data, addProject(data, { key, name: `Project ${key}` }), at);
  const owner = data.users[1];
  if (personal && owner !== undefined) {
    const values = { key: `~${owner.slug.toUpperCase()}`, name: owner.displayName, owner };
    fill(data, addProject(data, { ...values, type: "PERSONAL" }), at);
  }
  return data;
}

function fill(data: BitbucketData, project: Project, at: number): void {
  for (const name of names) {
    const repository = addRepository(data, project, { name });
    const [author] = data.users;
    if (author === undefined) continue;
    repository.files.set("README.md", `# ${project.key} ${name}\n`);
    const id = hash(`${project.key} ${name}`);
    repository.commits = [{ id, message: "Begin", author, timestamp: at }];
  }
}
