import type { IncomingMessage, ServerResponse } from "node:http";
import { forward, refuse } from "./forward.ts";
import { listenOnLocalhost } from "./localhost.ts";
import { closeServer, portOf } from "./server.ts";
import { createSlots } from "./slots.ts";

/** What the outside talks to: holds HTTP_PORT from the first moment and passes requests on to the functions. */
export interface Gateway {
  readonly url: string;
  /** From now on requests go to this port; before, they are answered with 503. */
  open(port: number): void;
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Told of every request that was answered. */
  readonly onAnswer?: (request: IncomingMessage, status: number) => void;
}

/** Each request that is under way has a worker thread of its own, so a flood has to queue. */
const maximumConcurrency = 8;

export async function startGateway({ port, onAnswer = () => {} }: GatewayOptions): Promise<Gateway> {
  const slots = createSlots(maximumConcurrency);
  let target: number | undefined;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once("close", () => onAnswer(request, response.statusCode));
    if (target === undefined) return refuse(response, 503, "Service Unavailable");
    const release = await slots.take();
    response.once("close", release);
    if (response.destroyed) release();
    else forward(request, response, target);
  }

  const servers = await listenOnLocalhost(port, (request, response) => void pass(request, response));
  return {
    url: `http://localhost:${portOf(servers[0])}`,
    open(to) {
      target = to;
    },
    async close() {
      await Promise.all(servers.map(closeServer));
    },
  };
}
