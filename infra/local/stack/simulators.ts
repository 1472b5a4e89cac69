import type { Closers } from "../closers.ts";
import { bitbucketDemoToken, startBitbucketSimulator } from "../simulators/bitbucket/server.ts";
import { portDemoClientId, portDemoClientSecret, startPortSimulator } from "../simulators/port/server.ts";
import { readBlueprints } from "./blueprints.ts";
import type { Environment, Settings } from "./settings.ts";

export interface SimulatorOptions {
  /** For the simulated Port: delays, faults, limits, and blueprints in place of the project's. */
  readonly portOptions?: Parameters<typeof startPortSimulator>[0];
  /** For the simulated Bitbucket: delays, faults, and data in place of the demo's. */
  readonly bitbucketOptions?: Parameters<typeof startBitbucketSimulator>[0];
}

/** What stands in for Bitbucket and Port. */
export interface Simulators {
  /** The simulated Port; undefined when the real one is used. */
  readonly port: Awaited<ReturnType<typeof startPortSimulator>> | undefined;
  /** The simulated Bitbucket; undefined when the real one is used. */
  readonly bitbucket: Awaited<ReturnType<typeof startBitbucketSimulator>> | undefined;
  /** The environment with the addresses and credentials of what is simulated. */
  readonly env: Environment;
}

/** Starts a simulator for each of Bitbucket and Port that is not real. */
export async function startSimulators(
  settings: Settings,
  env: Environment,
  options: SimulatorOptions,
  root: string,
  closers: Closers,
): Promise<Simulators> {
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
