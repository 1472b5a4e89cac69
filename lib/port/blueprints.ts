import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../json.ts";

/** A blueprint's definition, as much of it as the sync looks at. */
export interface Blueprint extends JsonObject {
  readonly identifier: string;
  readonly relations: Record<string, { target: string; many: boolean; required: boolean }>;
}

/** Of the records of definition files. */
const portFile = "port-file.json";
/** In the order in which their relations need them. */
const files = ["project.json", "user.json", "repository.json", "pull-request.json"];

/**
 * The blueprints that fit a mapping: those of `folder`, with the mapping's own in place of those that it brings along.
 * @param folder `infra/port/blueprints`
 * @param mapping the mapping's name
 * @param isGitops whether definition files are looked for, whose records have a blueprint of their own
 */
export function loadBlueprints(folder: string, mapping: string, isGitops = false): Blueprint[] {
  const own = join(folder, mapping);
  const overrides = /^[\w-]+$/.test(mapping) && existsSync(own) ? readdirSync(own) : [];
  return [...files, ...(isGitops ? [portFile] : [])].map((file) => {
    const path = join(overrides.includes(file) ? own : folder, file);
    return JSON.parse(readFileSync(path, "utf8")) as Blueprint;
  });
}
