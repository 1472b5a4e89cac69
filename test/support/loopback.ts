import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A call as it came over the wire; `path` with its query, still percent-encoded. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  /** 200 unless told otherwise. */
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** A string goes out as it is, anything else as JSON. */
  readonly body?: unknown;
}

/**
 * `reset` cuts the connection, `silence` never answers, `stall` sends the head and half a body, `trickle` a body that
 * never ends, byte by byte, `flood` one as fast as it is taken.
 */
export type Behaviour = Reply | "reset" | "silence" | "stall" | "trickle" | "flood";

/** A server on 127.0.0.1 that answers as a test says. */
export interface Loopback {
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** @param answer gets the number of calls before this one as its second argument */
export async function startLoopback(
  answer: (call: Received, index: number) => Behaviour | Promise<Behaviour>,
): Promise<Loopback> {
  const received: Received[] = [];
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const { method = "", url: path = "", headers } = message;
    const call = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
    received.push(call);
    behave(response, await answer(call, received.length - 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The behaviours one after the other, the last of them for every further call. */
export function inTurn(...behaviours: Behaviour[]): (call: Received, index: number) => Behaviour {
  return (_, index) => behaviours[Math.min(index, behaviours.length - 1)] ?? {};
}

function behave(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === "silence") return;
  if (behaviour === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (behaviour === "stall") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"half":');
    return;
  }
  if (behaviour === "trickle" || behaviour === "flood") {
    const part = behaviour === "flood" ? Buffer.alloc(1_000_000, " ") : " ";
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => response.write(part), 5);
    response.on("close", () => clearInterval(timer));
    return;
  }
  const { status = 200, headers = {}, body } = behaviour;
  // As Bitbucket answers somebody who is signed in.
  response.writeHead(status, { "x-ausername": "ann", ...headers });
  response.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
}
