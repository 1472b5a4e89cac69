import type { BitbucketData, OldAddresses, Project, Repository } from "./model.ts";

export function noOldAddresses(): OldAddresses {
  return { projects: new Map(), repositories: new Map() };
}

export function rememberProject({ old }: BitbucketData, key: string, project: Project): void {
  old.projects.set(key.toUpperCase(), project);
}

export function rememberRepository({ old }: BitbucketData, at: Project, repository: Repository): void {
  const slugs = old.repositories.get(at) ?? new Map<string, Repository>();
  old.repositories.set(at, slugs.set(repository.slug, repository));
}

/** Somebody lives there now: who lived there before is not found by that address any more. */
export function projectAddressTaken({ old }: BitbucketData, key: string): void {
  old.projects.delete(key.toUpperCase());
}

export function repositoryAddressTaken({ old }: BitbucketData, at: Project, slug: string): void {
  old.repositories.get(at)?.delete(slug);
}

export function forgetRepository({ old }: BitbucketData, gone: Repository): void {
  for (const slugs of old.repositories.values()) dropValue(slugs, gone);
}

export function forgetProject(data: BitbucketData, gone: Project): void {
  dropValue(data.old.projects, gone);
  data.old.repositories.delete(gone);
  for (const repository of gone.repositories.values()) forgetRepository(data, repository);
}

function dropValue<Value>(map: Map<string, Value>, value: Value): void {
  for (const [key, one] of map) if (one === value) map.delete(key);
}
