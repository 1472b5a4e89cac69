import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const loopback = "127.0.0.1";

/**
 * Starts an HTTP server on loopback.
 * @param port 0 picks a free one
 */
export async function listen(listener: RequestListener, port = 0, host = loopback): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Ends a server and the connections it still has. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** A port that nothing listens on right now. */
export async function freePort(): Promise<number> {
  const server = await listen(() => {});
  const port = portOf(server);
  await closeServer(server);
  return port;
}
