import type { Mapper } from "../mapping/mapper.ts";
import type { PortClient } from "../port/client.ts";
import type { SyncContext } from "./context.ts";
import { createMappingFaults } from "./mapping-faults.ts";
import { createModel } from "./model.ts";
import type { TargetOf } from "./relations.ts";

/**
 * What a context knows of the mapping and of the blueprints that it fills.
 * @param otherwise where relations lead as far as Port's blueprints are not known
 */
export function mappingSide(
  mapper: Mapper,
  port: PortClient,
  otherwise: TargetOf,
): Pick<SyncContext, "mapper" | "mappingFaults" | "model" | "targetOf"> {
  const model = createModel(port, otherwise);
  return { mapper, mappingFaults: createMappingFaults(mapper.name), model, targetOf: model.targetOf };
}
