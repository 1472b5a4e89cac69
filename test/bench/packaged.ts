import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import type { Closers } from "../../infra/local/closers.ts";
import { packageStack } from "../support/package-stack.ts";

/** The functions as they go to AWS, unpacked in a folder of their own. */
export interface Packaged {
  /** A temporary folder, outside of the project so that nothing is found in its node_modules. */
  readonly folder: string;
  /** The path of a function's bundle, by its name in serverless.yml. */
  bundle(name: string): Promise<string>;
  /** What a function has of memory, in MiB. */
  memoryMib(name: string): number;
  /** The variables that serverless.yml gives a function, those that need no stack. */
  environment(name: string): Record<string, string>;
  /** Bundles a script with the functions' settings; gives the bundle's path. */
  build(script: string): Promise<string>;
}

interface State {
  readonly service: {
    readonly provider: { readonly environment: Variables };
    readonly functions: Readonly<
      Record<
        string,
        { readonly handler: string; readonly memorySize: number; readonly environment: Variables }
      >
    >;
    readonly custom: { readonly esbuild: BuildOptions & { readonly outputFileExtension: string } };
  };
}
type Variables = Readonly<Record<string, unknown>>;

/** Packages the service as a deployment does. */
export async function packageService(closers: Closers): Promise<Packaged> {
  const packaged = await packageStack({}, closers);
  const { folder } = packaged;
  const state = JSON.parse(await readFile(join(folder, "serverless-state.json"), "utf8")) as State;
  const { provider, functions, custom } = state.service;

  return {
    folder,
    async bundle(name) {
      const handler = functions[name]?.handler.replace(/\.\w+$/, "");
      return join(await packaged.unpack(name), `${handler}${custom.esbuild.outputFileExtension}`);
    },
    memoryMib: (name) => functions[name]?.memorySize ?? 0,
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
