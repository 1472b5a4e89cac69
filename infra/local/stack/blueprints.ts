import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Blueprint } from "../simulators/port/server.ts";
import type { Environment } from "./settings.ts";

/** A blueprint comes after those that its relations point at. */
const blueprintFiles = ["project.json", "user.json", "repository.json", "pull-request.json"];

/** The blueprints that fit the mapping: some mappings bring versions of their own, in a folder of their name. */
export async function readBlueprints(root: string, env: Environment): Promise<Blueprint[]> {
  const folder = join(root, "infra/port/blueprints");
  return await Promise.all(
    blueprintFiles.map(async (file) => {
      const own = await readFile(join(folder, env["MAPPING"] || "default", file)).catch(() => undefined);
      return JSON.parse((own ?? (await readFile(join(folder, file)))).toString()) as Blueprint;
    }),
  );
}
