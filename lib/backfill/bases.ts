import { type Place, parseLinkOf } from "../bitbucket/address.ts";
import { selfLink } from "../bitbucket/objects.ts";
import type { JsonObject } from "../json.ts";
import type { BackfillContext } from "./context.ts";

/**
 * Learns from objects' own links what the links of this Bitbucket begin with: its base URL need not be the address that
 * we reach it at.
 */
export function learnBases(
  objects: readonly JsonObject[],
  { bases }: Pick<BackfillContext, "bases">,
  kind: Place["kind"] = "repository",
): void {
  for (const object of objects) {
    const link = selfLink(object);
    const base = parseLinkOf(kind, link)?.base;
    if (base !== undefined) bases.add(base);
  }
}
