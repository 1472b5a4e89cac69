import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Blueprint } from "../simulators/port/server.ts";
import { type Environment, isSet } from "./settings.ts";

/** A blueprint comes after those that its relations point at. */
const blueprintFiles = ["project.json", "user.json", "repository.json", "pull-request.json"];
/** Of the records of definition files. */
const portFile = "port-file.json";

/** The blueprints that fit the mapping: some mappings bring versions of their own, in a folder of their name. */
export async function readBlueprints(root: string, env: Environment): Promise<Blueprint[]> {
  const folder = join(root, "infra/port/blueprints");
  const isGitops = isSet(env["GITOPS_FILES"]);
  const blueprints = await Promise.all(
    [...blueprintFiles, ...(isGitops ? [portFile] : [])].map(async (file) => {
      const own = await readFile(join(folder, env["MAPPING"] || "default", file)).catch(() => undefined);
      return JSON.parse((own ?? (await readFile(join(folder, file)))).toString()) as Blueprint;
    }),
  );
  return isGitops ? [...blueprints, service] : blueprints;
}

/** What a catalog has beside Bitbucket's own: here files in the repositories describe it. */
const service: Blueprint = {
  identifier: "service",
  title: "Service",
  icon: "Service",
  schema: {
    properties: {
      tier: { title: "Tier", type: "string" },
      readme: { title: "README", type: "string", format: "markdown" },
    },
    required: [],
  },
  relations: {
    repository: { title: "Repository", target: "bitbucketRepository", required: false, many: false },
    uses: { title: "Uses", target: "service", required: false, many: true },
  },
};
