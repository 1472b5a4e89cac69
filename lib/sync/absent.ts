import type { Address } from "../bitbucket/address.ts";
import { bareObject } from "../bitbucket/objects.ts";
import { findBeneath } from "./beneath.ts";
import type { SyncContext } from "./context.ts";
import { mapOne, toEntity } from "./map.ts";
import type { Removal } from "./removal.ts";

/**
 * The entities that stand for an object that is not at its address any more, with all beneath.
 * @throws RequestError
 */
export async function removalsOf(address: Address, context: SyncContext): Promise<Removal[]> {
  const { kind } = address;
  const own = mapOne(kind, bareObject(address), context).map((mapped): Removal => {
    const { blueprint, identifier } = toEntity(mapped);
    return { kind, blueprint, identifier, roles: mapped.roles, address, witness: address, linked: true };
  });
  const { removals } = await findBeneath(own, context);
  return [...removals, ...own];
}
