import type { DefinitionFile } from "../../lib/gitops/definition.ts";
import { readDefinitions } from "../../lib/gitops/read-file.ts";

/** What a text says as the file `port.yml`. */
export function readText(text: string, path = "port.yml"): DefinitionFile {
  return readDefinitions(path, new TextEncoder().encode(text), true);
}

/** A definition's lines for an entity of the blueprint `service`. */
export function entityText(identifier: string, ...further: string[]): string {
  return ["blueprint: service", `identifier: ${identifier}`, ...further, ""].join("\n");
}
