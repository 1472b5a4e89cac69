import { type Address, parseLink, within } from "../bitbucket/address.ts";
import { bareObject, type Kind } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import { dependingOn } from "../port/query.ts";
import { mapOne } from "../sync/map.ts";
import { linkOf } from "../sync/plan-deletion.ts";
import { relatesTo } from "../sync/relations.ts";
import type { LiveContext } from "./context.ts";

/** Kinds whose entities depend on one of a kind. */
const dependents: Readonly<Partial<Record<Kind, Kind>>> = {
  project: "repository",
  repository: "pull-request",
};

/** An object that Bitbucket said is gone from its address. */
export interface Gone {
  readonly address: Address;
  readonly object: JsonObject;
  readonly base: string | undefined;
  readonly linked: boolean;
  readonly createdDate?: number | undefined;
  /** When Bitbucket said so, epoch ms. */
  readonly date: number | undefined;
}

/** Entities of one blueprint that are to be deleted. */
export interface Removal {
  readonly kind: Kind;
  readonly blueprint: string;
  readonly identifiers: readonly string[];
  /** Some of them are pull requests that are not open any more. */
  readonly closed: boolean;
  readonly createdDate?: number | undefined;
}

/** What depends on the entities and still points beneath the address that is gone, deepest first. */
export async function findDependents(
  gone: Gone,
  blueprint: string,
  identifiers: readonly string[],
  kind: Kind,
  context: LiveContext,
): Promise<Removal[]> {
  const inner = dependents[kind];
  if (inner === undefined || identifiers.length === 0) return [];
  const removals: Removal[] = [];
  const targets = new Set(identifiers);
  const sample = innerAddress(gone.address, inner);
  for (const { blueprint: innerBlueprint, roles, relations } of mapOne(inner, bareObject(sample), context)) {
    const names = Object.keys(relations).filter(
      (name) => context.targetOf(innerBlueprint, name) === blueprint,
    );
    const include = ["$identifier", "$title", ...Object.values(roles), ...names];
    const found = await context.port.search(innerBlueprint, dependingOn(blueprint, identifiers), include);
    const own = found.filter(
      (entity) => relatesTo(entity, names, targets) && pointsInto(linkOf(entity, roles), gone),
    );
    const ids = own.map((entity) => entity.identifier);
    const closed =
      inner === "pull-request" && own.some(({ properties }) => properties[roles.state ?? ""] !== "OPEN");
    removals.push(...(await findDependents(gone, innerBlueprint, ids, inner, context)));
    removals.push({ kind: inner, blueprint: innerBlueprint, identifiers: ids, closed });
  }
  return removals;
}

function pointsInto(link: string | undefined, gone: Gone): boolean {
  const parsed = parseLink(link);
  return (
    parsed !== undefined &&
    within(gone.address, parsed.address) &&
    (gone.base === undefined || gone.base === parsed.base)
  );
}

function innerAddress(address: Address, kind: Kind): Address {
  const slug = address.kind === "project" ? "-" : address.slug;
  return kind === "repository"
    ? { kind, key: address.key, slug }
    : { kind: "pull-request", key: address.key, slug, id: 0 };
}
