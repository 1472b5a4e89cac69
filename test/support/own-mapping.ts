import { createMapper, type Mapper } from "../../lib/mapping/mapper.ts";
import { parseMapping } from "../../lib/mapping/schema.ts";

/** A kind's part of a mapping file. */
export interface OwnMapping {
  readonly identifier?: string;
  readonly title?: string;
  readonly blueprint?: string;
  readonly selector?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly relations?: Readonly<Record<string, string>>;
}

const defaults = {
  project: { identifier: ".key", blueprint: "bitbucketProject" },
  repository: { identifier: '.project.key + "/" + .slug', blueprint: "bitbucketRepository" },
  "pull-request": {
    identifier: '(.toRef.repository | .project.key + "/" + .slug) + "/" + (.id | tostring)',
    blueprint: "bitbucketPullrequest",
  },
  user: { identifier: ".emailAddress // .slug", blueprint: "bitbucketUser" },
};

/** The mapping of somebody's own that is read from a file with these resources. */
export function ownMapper(own: Partial<Record<keyof typeof defaults, OwnMapping>>): Promise<Mapper> {
  const resources = (Object.keys(own) as (keyof typeof defaults)[]).map((kind) => {
    const { selector, properties = {}, blueprint = defaults[kind].blueprint, ...rest } = own[kind] ?? {};
    const { identifier } = defaults[kind];
    const link = ".links.self[0].href";
    const all = { ...(kind === "user" ? { username: ".name", url: link } : { link }), ...properties };
    const mappings = { identifier, ...rest, blueprint: JSON.stringify(blueprint), properties: all };
    return { kind, ...(selector && { selector: { query: selector } }), port: { entity: { mappings } } };
  });
  return createMapper(parseMapping(JSON.stringify({ resources }), "own.yml"), "own.yml");
}
