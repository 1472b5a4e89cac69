import { portPath } from "../mapping/load.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { loadBlueprints } from "../port/blueprints.ts";
import type { BlueprintOf, Fault } from "./map-objects.ts";

/** Blueprints to hold entities against, and which of those that the mapping fills there are not. */
export interface Known {
  readonly blueprintOf: BlueprintOf;
  readonly faults: readonly Fault[];
  readonly notes: readonly string[];
}

/** Those that setup makes. */
export function shippedBlueprints(mapper: Mapper): Known {
  const all = new Map(loadBlueprints(portPath("blueprints"), mapper.name).map((it) => [it.identifier, it]));
  const others = [...mapper.filled().keys()].filter((identifier) => !all.has(identifier));
  const notes = others.map(
    (identifier) =>
      `setup makes no blueprint ${JSON.stringify(identifier)}: --check holds entities against Port's own`,
  );
  return { blueprintOf: (identifier) => all.get(identifier), faults: [], notes };
}
