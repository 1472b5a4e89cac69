import {
  type PortSimulator,
  type PortSimulatorOptions,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../../infra/local/simulators/port/server.ts";
import type { Blueprint as SimulatedBlueprint } from "../../infra/local/simulators/port/types.ts";
import type { ClientOptions } from "../../lib/http/service-client.ts";
import { portPath } from "../../lib/mapping/load.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { createPortClient, type PortClient } from "../../lib/port/client.ts";
import type { Entity } from "../../lib/port/entity.ts";
import type { Received } from "./loopback.ts";

export interface SimulatedPort {
  readonly port: PortSimulator;
  readonly client: PortClient;
  /** Path and status of every call so far. */
  calls(): string[];
}

/** A client of a simulated Port that has the product's blueprints. */
export async function startSimulatedPort(
  simulator: PortSimulatorOptions = {},
  options: Partial<ClientOptions> = {},
): Promise<SimulatedPort> {
  const blueprints = loadBlueprints(portPath("blueprints"), "default") as unknown as SimulatedBlueprint[];
  const port = await startPortSimulator({ blueprints, ...simulator });
  const client = clientOf(port.url, options);
  return {
    port,
    client,
    calls: () => port.calls.map((call) => `${call.method} ${call.path} ${call.status}`),
  };
}

export function clientOf(apiUrl: string, options: Partial<ClientOptions> = {}): PortClient {
  const config = { apiUrl, clientId: portDemoClientId, clientSecret: portDemoClientSecret };
  return createPortClient(config, { maxWaitMs: 1_000, ...options });
}

export function project(identifier: string, properties: Entity["properties"] = {}): Omit<Entity, "team"> {
  return { identifier, blueprint: "bitbucketProject", title: identifier, properties, relations: {} };
}

/** True for a call that asks for a token. */
export function isLogin(call: Received): boolean {
  return call.path === "/auth/access_token";
}
