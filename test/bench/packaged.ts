import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import type { Closers } from "../../infra/local/closers.ts";
import { runNode } from "./run-node.ts";
import { unzip } from "./unzip.ts";

/** The functions as they go to AWS, unpacked in a folder of their own. */
export interface Packaged {
  /** A temporary folder, outside of the project so that nothing is found in its node_modules. */
  readonly folder: string;
  /** The path of a function's bundle, by its name in serverless.yml. */
  bundle(name: string): Promise<string>;
  /** The variables that serverless.yml gives a function, those that need no stack. */
  environment(name: string): Record<string, string>;
  /** Bundles a script with the functions' settings; gives the bundle's path. */
  build(script: string): Promise<string>;
}

interface State {
  readonly service: {
    readonly provider: { readonly environment: Variables };
    readonly functions: Readonly<
      Record<string, { readonly handler: string; readonly environment: Variables }>
    >;
    readonly custom: { readonly esbuild: BuildOptions & { readonly outputFileExtension: string } };
  };
}
type Variables = Readonly<Record<string, unknown>>;

export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));
const timeoutMs = 120_000;

/** Packages the service as a deployment does, without touching what an earlier one left in `.serverless`. */
export async function packageService(closers: Closers): Promise<Packaged> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  // The plugin takes it for relative to the project, whatever it looks like.
  const workFolder = join(".local", `bench-${process.pid}`);
  closers.add(() => rm(join(projectRoot, workFolder), { recursive: true, force: true }));
  const osls = createRequire(import.meta.url).resolve("osls/bin/serverless.js");
  const packages = join(folder, "packages");
  const env = { ...process.env, ESBUILD_WORK_FOLDER: workFolder, SLS_NOTIFICATIONS_MODE: "off" };
  await runNode(
    [osls, "package", "--stage=dev", `--package=${packages}`],
    { cwd: projectRoot, env, timeoutMs },
    closers,
  );
  const state = JSON.parse(await readFile(join(packages, "serverless-state.json"), "utf8")) as State;
  const { provider, functions, custom } = state.service;

  return {
    folder,
    async bundle(name) {
      const target = join(folder, name);
      await unzip(join(packages, `${name}.zip`), target);
      const handler = functions[name]?.handler.replace(/\.\w+$/, "");
      return join(target, `${handler}${custom.esbuild.outputFileExtension}`);
    },
    environment: (name) => ({ ...texts(provider.environment), ...texts(functions[name]?.environment) }),
    build: (script) => buildScript(script, join(folder, "scripts"), custom.esbuild),
  };
}

async function buildScript(
  script: string,
  folder: string,
  settings: State["service"]["custom"]["esbuild"],
): Promise<string> {
  const { bundle, format, platform, target, minify, mainFields, sourcemap, sourcesContent, banner } =
    settings;
  const own = { bundle, format, platform, target, minify, mainFields, sourcemap, sourcesContent, banner };
  const defined = Object.entries(own).filter(([, value]) => value !== undefined);
  const outExtension = { ".js": settings.outputFileExtension };
  const entryPoints = [fileURLToPath(new URL(script, import.meta.url))];
  await build({
    ...Object.fromEntries(defined),
    entryPoints,
    outdir: folder,
    outExtension,
    logLevel: "error",
  });
  return join(folder, script.replace(/\.ts$/, settings.outputFileExtension));
}

/** References to the stack are objects here, and empty texts count as not set. */
function texts(variables: Variables = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
