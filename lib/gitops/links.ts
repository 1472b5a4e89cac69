import type { Json } from "../json.ts";
import type { Definition } from "./definition.ts";
import { isLink, linkTarget, type Target } from "./link-target.ts";

/** A value of a definition that is to be a file's content. */
export type Link = Target & {
  /** Keys and indexes on the way from the entity to the value, e.g. `["properties", "readme"]`. */
  readonly at: readonly (string | number)[];
};

/** All links of a definition, wherever a text may stand, in its order. */
export function linksOf({ place, ...entity }: Definition): readonly Link[] {
  const links: Link[] = [];
  for (const name of ["title", "icon", "team", "properties", "relations"] as const)
    findLinks(entity[name] ?? null, [name], place.path, links);
  return links;
}

function findLinks(value: Json, at: Link["at"], from: string, links: Link[]): void {
  if (typeof value === "string") {
    if (isLink(value)) links.push({ at, ...linkTarget(value, from) });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) findLinks(item, [...at, index], from, links);
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) findLinks(inner, [...at, key], from, links);
  }
}
