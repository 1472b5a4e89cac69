import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Closers } from "../closers.ts";
import { bitbucketDemoToken, startBitbucketSimulator } from "../simulators/bitbucket/server.ts";
import {
  type Blueprint,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../simulators/port/server.ts";
import type { Environment, Settings } from "./settings.ts";

export interface SidesOptions {
  /** For the simulated Port: delays, faults, limits, and blueprints in place of the project's. */
  readonly portOptions?: Parameters<typeof startPortSimulator>[0];
  /** For the simulated Bitbucket: delays, faults, and data in place of the demo's. */
  readonly bitbucketOptions?: Parameters<typeof startBitbucketSimulator>[0];
}

/** What lies at either end of the pipeline. */
export interface Sides {
  /** The simulated Port; undefined when the real one is used. */
  readonly port: Awaited<ReturnType<typeof startPortSimulator>> | undefined;
  /** The simulated Bitbucket; undefined when the real one is used. */
  readonly bitbucket: Awaited<ReturnType<typeof startBitbucketSimulator>> | undefined;
  /** The environment with the addresses and credentials of what is simulated. */
  readonly env: Environment;
}

/** Starts a simulator for each side that is not real. */
export async function startSides(
  settings: Settings,
  env: Environment,
  options: SidesOptions,
  root: string,
  closers: Closers,
): Promise<Sides> {
  const portOptions = { blueprints: await readBlueprints(root, env), ...options.portOptions };
  const port = settings.realPort ? undefined : await startPortSimulator(portOptions);
  if (port !== undefined) closers.add(() => port.close());
  const bitbucket = settings.realBitbucket
    ? undefined
    : await startBitbucketSimulator(options.bitbucketOptions);
  if (bitbucket !== undefined) closers.add(() => bitbucket.close());
  const login = options.bitbucketOptions?.auth ?? { token: bitbucketDemoToken };
  return {
    port,
    bitbucket,
    env: {
      ...env,
      ...(port && {
        PORT_API_URL: port.url,
        PORT_CLIENT_ID: options.portOptions?.clientId ?? portDemoClientId,
        PORT_CLIENT_SECRET: options.portOptions?.clientSecret ?? portDemoClientSecret,
      }),
      ...(bitbucket && {
        BITBUCKET_HOST: bitbucket.url,
        BITBUCKET_TOKEN: login.token,
        BITBUCKET_USERNAME: login.username,
        BITBUCKET_PASSWORD: login.password,
      }),
    },
  };
}

/** A blueprint comes after those that its relations point at. */
const blueprintFiles = ["project.json", "user.json", "repository.json", "pull-request.json"];

/** The blueprints that fit the mapping: some mappings bring versions of their own, in a folder of their name. */
async function readBlueprints(root: string, env: Environment): Promise<Blueprint[]> {
  const folder = join(root, "infra/port/blueprints");
  return await Promise.all(
    blueprintFiles.map(async (file) => {
      const own = await readFile(join(folder, env["MAPPING"] || "default", file)).catch(() => undefined);
      return JSON.parse((own ?? (await readFile(join(folder, file)))).toString()) as Blueprint;
    }),
  );
}
