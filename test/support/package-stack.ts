import { cp, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Closers } from "../../infra/local/closers.ts";
import { runNode } from "./run-node.ts";
import { unzip } from "./unzip.ts";

interface PackageOptions {
  /** Default: `dev`. */
  readonly stage?: string;
  /** As `--param name=value` gives them. */
  readonly params?: Readonly<Record<string, string>>;
  /** Changes the copy of the project that is packaged. @param root its folder */
  readonly change?: (root: string) => Promise<void>;
}

/** What `osls package` makes. */
export interface PackagedStack {
  readonly folder: string;
  /** The CloudFormation template that a deployment uses. */
  readonly template: Template;
  /** What CloudFormation puts on everything in the stack that can have tags. */
  tags(): Promise<unknown>;
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
/** What packaging reads. */
const sources = ["functions", "lib", "infra", "package.json", "tsconfig.json", "serverless.yml"];
const timeoutMs = 120_000;

/**
 * Packages the service as a deployment does, without AWS credentials. It packages a copy: osls writes into the project's
 * own folder before it is done, where two at once would get in each other's way.
 * @throws with what osls said
 */
export async function packageStack(options: PackageOptions, closers: Closers): Promise<PackagedStack> {
  const { stage = "dev", params = {}, change } = options;
  const root = await temporaryFolder("project-", closers);
  for (const name of sources) await cp(join(projectRoot, name), join(root, name), { recursive: true });
  await symlink(join(projectRoot, "node_modules"), join(root, "node_modules"));
  await change?.(root);
  const args = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  await runOsls(["package", `--stage=${stage}`, ...args], root, closers);

  // Elsewhere, so that nothing is found in the project's node_modules.
  const folder = await temporaryFolder("packaged-", closers);
  await rename(join(root, ".serverless"), folder);
  const template = await readFile(join(folder, "cloudformation-template-update-stack.json"), "utf8");
  return {
    folder,
    template: JSON.parse(template) as Template,
    async tags() {
      const state = JSON.parse(await readFile(join(folder, "serverless-state.json"), "utf8")) as {
        readonly service: { readonly provider: { readonly stackTags: unknown } };
      };
      return state.service.provider.stackTags;
    },
    async unpack(functionKey) {
      const target = join(folder, "unpacked", functionKey);
      await unzip(join(folder, `${functionKey}.zip`), target);
      return target;
    },
  };
}

async function temporaryFolder(prefix: string, closers: Closers): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs osls in a folder, where it finds no AWS credentials of anybody's. @throws with what osls said */
export async function runOsls(args: readonly string[], cwd: string, closers: Closers): Promise<void> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const env = {
    ...Object.fromEntries(own),
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    SLS_NOTIFICATIONS_MODE: "off",
  };
  const osls = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
  await runNode([osls, ...args], { cwd, env, timeoutMs }, closers).catch(
    (error: Error & { stdout?: string }) => {
      // osls says on stdout what is wrong.
      throw new Error(`${error.message}\n${error.stdout ?? ""}`);
    },
  );
}
