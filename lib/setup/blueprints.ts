import type { JsonObject } from "../json.ts";
import { extensionOf } from "../port/blueprint-extension.ts";
import type { SetupContext } from "./context.ts";
import { type BlueprintCounts, noBlueprints } from "./summary.ts";

/**
 * Creates the blueprints that Port lacks and adds to the others what they lack, in the order of their relations.
 * Writes nothing where nothing is missing.
 * @param found what Port has, by identifier
 * @throws RequestError
 */
export async function setUpBlueprints(
  found: ReadonlyMap<string, JsonObject | undefined>,
  dryRun: boolean,
  { port, blueprints }: Pick<SetupContext, "port" | "blueprints">,
): Promise<BlueprintCounts> {
  const counts = noBlueprints();
  for (const wanted of blueprints) {
    let existing = found.get(wanted.identifier);
    if (existing === undefined) {
      if (dryRun || (await port.create(wanted))) {
        counts.created++;
        continue;
      }
      // Somebody else was faster, or an answer was lost.
      existing = (await port.read(wanted.identifier)) ?? {};
    }
    const { parts, conflicts } = extensionOf(existing, wanted);
    counts.conflicts.push(...conflicts);
    if (parts === undefined) {
      counts.unchanged++;
    } else {
      if (!dryRun) await port.change(wanted.identifier, parts);
      counts.extended++;
    }
  }
  return counts;
}
