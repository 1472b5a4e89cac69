import type { Mapper } from "../mapping/mapper.ts";
import type { PortClient } from "../port/client.ts";
import type { SyncContext } from "./context.ts";
import { createMappingFaults } from "./mapping-faults.ts";
import { createModel, type KnownBlueprints } from "./model.ts";
import type { TargetOf } from "./relations.ts";

/**
 * What a context knows of the mapping and of the blueprints that it fills.
 * @param otherwise where relations lead as far as Port's blueprints are not known
 * @param known what was read of them before
 */
export function mappingSide(
  mapper: Mapper,
  port: PortClient,
  otherwise: TargetOf,
  known?: KnownBlueprints,
): Pick<SyncContext, "mapper" | "mappingFaults" | "model" | "targetOf"> {
  const model = createModel(port, otherwise, known);
  return { mapper, mappingFaults: createMappingFaults(mapper.name), model, targetOf: model.targetOf };
}
