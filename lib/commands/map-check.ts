import type { Environment } from "../config/config.ts";
import { parsePortConfig } from "../config/parse.ts";
import { explain } from "../diagnosis/explain.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { createBlueprintClient } from "../port/blueprint-client.ts";
import type { Known } from "./map-blueprints.ts";

/** The blueprints that Port has of those that the mapping fills. @throws Error that says what is wrong with Port, ConfigError */
export async function blueprintsInPort(mapper: Mapper, env: Environment): Promise<Known> {
  const port = createBlueprintClient(parsePortConfig(env), { maxWaitMs: 5_000, retries: 2 });
  const identifiers = [...mapper.filled().keys()];
  const found = await Promise.all(identifiers.map((identifier) => port.read(identifier))).catch(
    (error: unknown) => {
      throw new Error(explain(error, { port }));
    },
  );
  const all = new Map(identifiers.map((identifier, index) => [identifier, found[index]]));
  const missing = identifiers.filter((identifier) => all.get(identifier) === undefined);
  const faults = missing.map((identifier) => ({
    place: "",
    message: `Port has no blueprint ${JSON.stringify(identifier)}: make it with npm run setup, or in Port where setup does not know it`,
  }));
  return { blueprintOf: (identifier) => all.get(identifier), faults, notes: [] };
}
