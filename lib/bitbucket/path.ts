import type { Address } from "./address.ts";
import { decode } from "./percent.ts";

/** The path of an object beneath `rest/api/1.0/`. */
export function objectPath(address: Address): string {
  const project = `projects/${encodeURIComponent(address.key)}`;
  if (address.kind === "project") return project;
  const repository = `${project}/repos/${encodeURIComponent(address.slug)}`;
  return address.kind === "repository" ? repository : `${repository}/pull-requests/${address.id}`;
}

const restPath =
  /\/rest\/api\/[^/]+\/projects\/([^/]+)(?:\/repos\/([^/]+)(?:\/pull-requests\/(\d+)(?:\/.*)?|\/.*)?)?\/?$/;

/** The object that a REST address is about, in whatever Bitbucket; undefined for any other address. */
export function restAddress(url: string): Address | undefined {
  if (!URL.canParse(url)) return undefined;
  const [, key, slug, id] = restPath.exec(new URL(url).pathname)?.map((part) => part && decode(part)) ?? [];
  if (key === undefined) return undefined;
  if (slug === undefined) return { kind: "project", key };
  return id === undefined
    ? { kind: "repository", key, slug }
    : { kind: "pull-request", key, slug, id: Number(id) };
}
