import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Closers } from "../../infra/local/closers.ts";
import { runNode } from "./run-node.ts";
import { unzip } from "./unzip.ts";

export interface PackageOptions {
  /** Default: `dev`. */
  readonly stage?: string;
  /** As `--param name=value` gives them. */
  readonly params?: Readonly<Record<string, string>>;
  /** The folder that holds serverless.yml; default: this project. */
  readonly root?: string;
}

/** What `osls package` makes, in a temporary folder outside of the project. */
export interface PackagedStack {
  readonly folder: string;
  /** The CloudFormation template that a deployment uses. */
  readonly template: Template;
  /** Unpacks a function as Lambda does; gives the folder. */
  unpack(functionKey: string): Promise<string>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Description?: string; readonly Value: unknown }>>;
}

export interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever CloudFormation takes; tests look into it by name
  readonly Properties: Readonly<Record<string, any>>;
  readonly DependsOn?: string | readonly string[];
}

export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));
const timeoutMs = 120_000;

/**
 * Packages the service as a deployment does, without AWS credentials and without touching what an earlier one left in
 * `.serverless`.
 * @throws with what osls said
 */
export async function packageStack(options: PackageOptions, closers: Closers): Promise<PackagedStack> {
  const { stage = "dev", params = {}, root = projectRoot } = options;
  const folder = await mkdtemp(join(tmpdir(), "packaged-"));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  // The plugin takes it for relative to the project, whatever it looks like.
  const workFolder = join(".local", `packaging-${randomUUID()}`);
  closers.add(() => rm(join(root, workFolder), { recursive: true, force: true }));
  const osls = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
  const args = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  await runNode(
    [osls, "package", `--stage=${stage}`, `--package=${folder}`, ...args],
    { cwd: root, env: environment(workFolder), timeoutMs },
    closers,
  ).catch((error: Error & { stdout?: string }) => {
    // osls says on stdout what is wrong.
    throw new Error(`${error.message}\n${error.stdout ?? ""}`);
  });
  const template = await readFile(join(folder, "cloudformation-template-update-stack.json"), "utf8");
  return {
    folder,
    template: JSON.parse(template) as Template,
    async unpack(functionKey) {
      const target = join(folder, "unpacked", functionKey);
      await unzip(join(folder, `${functionKey}.zip`), target);
      return target;
    },
  };
}

/** Nothing of the user's own AWS settings: packaging has to do without. */
function environment(workFolder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return { ...Object.fromEntries(own), ESBUILD_WORK_FOLDER: workFolder, SLS_NOTIFICATIONS_MODE: "off" };
}
