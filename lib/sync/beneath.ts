import { parseLinkOf, within } from "../bitbucket/address.ts";
import { bareObject } from "../bitbucket/objects.ts";
import type { Entity } from "../port/entity.ts";
import { findDependents, type ScopeContext } from "./dependents.ts";
import { linkOf } from "./plan-deletion.ts";
import type { Removal } from "./removal.ts";

/** Kinds whose objects lie in those of a kind. */
const inner = { project: "repository", repository: "pull-request" } as const;
/** Any object will do to learn a kind's blueprint and relations from the mapping. */
export const samples = {
  project: { kind: "project", key: "-" },
  repository: { kind: "repository", key: "-", slug: "-" },
  "pull-request": { kind: "pull-request", key: "-", slug: "-", id: 0 },
} as const;

export interface Beneath {
  readonly removals: readonly Removal[];
  /** Entities that relate to those that go, and point somewhere else: they stay. */
  readonly left: readonly Entity[];
}

/**
 * What has to go with entities whose objects are gone: what relates to them and points beneath, at any depth.
 * @throws RequestError
 */
export async function findBeneath(removals: readonly Removal[], context: ScopeContext): Promise<Beneath> {
  const found: Removal[] = [];
  const left: Entity[] = [];
  for (const outer of ["project", "repository"] as const) {
    const outers = removals.filter(({ kind }) => kind === outer);
    if (outers.length === 0) continue;
    const kind = inner[outer];
    const own: Removal[] = [];
    const scopes = await findDependents(kind, bareObject(samples[kind]), outers, context);
    for (const { roles, entities } of scopes) {
      for (const entity of entities) {
        const link = parseLinkOf(kind, linkOf(entity, roles));
        const container =
          link &&
          outers.find(
            ({ address, base }) =>
              within(address, link.address) && (base === undefined || base === link.base),
          );
        if (link === undefined || container === undefined) {
          left.push(entity);
          continue;
        }
        const { blueprint, identifier } = entity;
        const { witness } = container;
        own.push({ kind, blueprint, identifier, roles, ...link, witness, linked: true });
      }
    }
    const deeper = await findBeneath(own, context);
    found.push(...deeper.removals, ...own);
    left.push(...deeper.left);
  }
  return { removals: found, left };
}
