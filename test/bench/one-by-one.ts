import {
  bitbucketDemoPassword,
  bitbucketDemoUsername,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { portDemoClientId, portDemoClientSecret } from "../../infra/local/simulators/port/server.ts";
import * as as from "./one-by-one-entities.ts";
import type { SimulatorsStarted } from "./simulators.ts";

interface Page<Item> {
  readonly values: readonly Item[];
  readonly nextPageStart?: number;
}

const bitbucketPage = 25;

/**
 * An import as one writes it by hand: pages of 25, one object after the other, one call to Port for each. Its
 * identifiers are such that no two objects share an entity.
 * @returns the number of objects
 */
export async function importOneByOne({ bitbucketUrl, portUrl }: SimulatorsStarted): Promise<number> {
  const login = Buffer.from(`${bitbucketDemoUsername}:${bitbucketDemoPassword}`).toString("base64");
  const credentials = { clientId: portDemoClientId, clientSecret: portDemoClientSecret };
  const token = await ask<{ accessToken: string }>(`${portUrl}/auth/access_token`, "", credentials);
  let objects = 0;

  async function get<Answer>(path: string): Promise<Answer | undefined> {
    return ask<Answer>(`${bitbucketUrl}/rest/api/1.0/${path}`, `Basic ${login}`);
  }

  async function* list<Item>(path: string): AsyncGenerator<Item> {
    const query = `${path.includes("?") ? "&" : "?"}limit=${bitbucketPage}`;
    for (let start: number | undefined = 0; start !== undefined; ) {
      const page: Page<Item> | undefined = await get(`${path}${query}&start=${start}`);
      yield* page?.values ?? [];
      start = page?.nextPageStart;
    }
  }

  async function upsert(blueprint: string, entity: object): Promise<void> {
    const flags = "upsert=true&merge=true&create_missing_related_entities=true";
    const url = `${portUrl}/blueprints/${blueprint}/entities?${flags}`;
    await ask(url, `Bearer ${token?.accessToken}`, entity);
    objects++;
  }

  for await (const user of list<as.User>("admin/users")) await upsert("bitbucketUser", as.userEntity(user));
  for await (const project of list<as.Project>("projects")) {
    await upsert("bitbucketProject", as.projectEntity(project));
    for await (const repository of list<as.Repository>(`projects/${project.key}/repos`)) {
      const path = `projects/${project.key}/repos/${repository.slug}`;
      const readme = await get<as.Extras["readme"]>(`${path}/browse/README.md?limit=500`);
      const commits = await get<Page<{ author: as.Extras["commitAuthor"] }>>(`${path}/commits?limit=1`);
      const extras = { readme, commitAuthor: commits?.values[0]?.author };
      await upsert("bitbucketRepository", as.repositoryEntity(repository, extras));
      for await (const pull of list<as.PullRequest>(`${path}/pull-requests?state=ALL`))
        await upsert("bitbucketPullrequest", as.pullRequestEntity(pull));
    }
  }
  return objects;
}

/** One call; undefined for what is not there. */
async function ask<Answer>(url: string, authorization: string, body?: object): Promise<Answer | undefined> {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const headers = { authorization, "content-type": "application/json" };
  const response = await fetch(url, { headers, ...sent });
  const text = await response.text();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${response.status} from ${url}: ${text}`);
  return JSON.parse(text) as Answer;
}
