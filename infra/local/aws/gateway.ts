import { type IncomingMessage, type Server, type ServerResponse, request as send } from "node:http";
import { buffer } from "node:stream/consumers";
import { closeServer, listen, loopback, portOf } from "./server.ts";
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

/** The port that was asked for is in use. */
export class PortTakenError extends Error {
  override name = "PortTakenError";
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

  const servers = await listenOnLoopback(port, (request, response) => void pass(request, response));
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

function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url, headers } = request;
  const { connection: _, expect: __, ...rest } = headers;
  const passed = send({
    host: loopback,
    port,
    method,
    path: url,
    // serverless-offline decodes every other body as UTF-8 and parses JSON on the way: that changes bytes.
    // This type comes to the handler as base64, as API Gateway may do as well.
    headers: { ...rest, "content-type": "application/octet-stream", "accept-encoding": "identity" },
  });
  passed.once("response", (answer) => {
    buffer(answer).then(
      (body) => {
        if (isUnhandledError(body)) return refuse(response, 500, "Internal Server Error");
        response.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
      },
      () => refuse(response, 502, "Bad Gateway"),
    );
  });
  passed.once("error", () => refuse(response, 502, "Bad Gateway"));
  response.once("close", () => passed.destroy());
  request.pipe(passed);
}

/** serverless-offline answers 200 with the error when a handler throws or takes too long; API Gateway a plain 500. */
function isUnhandledError(body: Buffer): boolean {
  try {
    const answer = JSON.parse(body.toString()) as unknown;
    return typeof answer === "object" && answer !== null && "errorType" in answer && "stackTrace" in answer;
  } catch {
    return false;
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
}

/** On IPv4 and, where there is one, on IPv6: `localhost` means either. */
async function listenOnLoopback(
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
