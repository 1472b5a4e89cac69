import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { closeServer, listen, portOf } from "./server.ts";

/** The port that was asked for is in use. */
export class PortTakenError extends Error {
  override name = "PortTakenError";
}

/** On IPv4 and, where there is one, on IPv6: `localhost` means either. */
export async function listenOnLocalhost(
  port: number,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<[Server, ...Server[]]> {
  const first = await listen(listener, port).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new PortTakenError(`Port ${port} is taken`) : error;
  });
  try {
    return [first, await listen(listener, portOf(first), "::1")];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") return [first];
    await closeServer(first);
    throw new PortTakenError(`Port ${port} is taken`);
  }
}
