import {
  addProject,
  addRepository,
  addUser,
  emptyData,
  hash,
} from "../../infra/local/simulators/bitbucket/building.ts";
import type { BitbucketData } from "../../infra/local/simulators/bitbucket/server.ts";

const keys = ["APP", "BOX", "CAR"];
const names = ["docs", "tools", "site"];

/** A small Bitbucket to begin with; pull requests come as life goes on. `at` is when its commits were made, epoch ms. */
export function beginning(at: number): BitbucketData {
  const data = emptyData();
  for (let number = 1; number <= 7; number++) {
    const slug = `person-${number}`;
    const email = number === 7 ? {} : { emailAddress: `${slug}@example.org` };
    addUser(data, { name: slug, slug, displayName: `Person ${number}`, ...email });
  }
  for (const key of keys) {
    const project = addProject(data, { key, name: `Project ${key}` });
    for (const name of names) {
      const repository = addRepository(data, project, { name });
      const [author] = data.users;
      if (author === undefined) continue;
      repository.files.set("README.md", `# ${key} ${name}\n`);
      const id = hash(`${key} ${name}`);
      repository.commits = [{ id, message: "Begin", author, timestamp: at }];
    }
  }
  return data;
}
