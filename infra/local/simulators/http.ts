import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Call, type Request, readRequest } from "./http-request.ts";

export type { Call, Request } from "./http-request.ts";

/** What to answer. A string or a Buffer is sent as it is, anything else as JSON. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the headers that the simulator gives every answer: whatever stands in front of it said this. */
  readonly bare?: boolean;
  /** After the body a byte now and then, for as long as the caller listens. */
  readonly neverEnds?: boolean;
};

/** A fault to inject: another answer, a socket reset, or a reset after the call took effect (a lost answer). */
export type Fault = Answer | "reset" | "apply-then-reset";

/** Looks at a call before it takes effect; may wait for as long as it likes. Undefined lets the call pass. */
export type Intercept = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

/** A wait before each answer in milliseconds, the same for all or decided call by call. */
export type Delay = number | ((call: Call) => number);

/** A refusal on the way to an answer: thrown anywhere below a route, answered at the top. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly answer: Answer;
  constructor(message: string, answer: Answer) {
    super(message);
    this.answer = answer;
  }
}

export type HttpSimulatorOptions = {
  readonly port: number;
  readonly delayMs: Delay;
  /** Bodies above this many bytes are drained, not kept. */
  readonly maxBodyBytes: number;
  readonly calls: Call[];
  readonly intercept: () => Intercept | undefined;
  readonly answer: (request: Request) => Answer;
  /** Headers of every answer, injected ones included. */
  readonly headers: (request: Request) => Record<string, string>;
};

const dripEveryMs = 100;

/** A running server: its origin without a trailing slash, and how to end it at once. */
export type HttpSimulator = { readonly origin: string; readonly close: () => Promise<void> };

/** Starts a server on 127.0.0.1 that logs, delays, perhaps spoils, and answers each call. */
export async function startHttpSimulator(options: HttpSimulatorOptions): Promise<HttpSimulator> {
  const server = createServer((message, response) => {
    serve(message, response, options).catch(() => message.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  options: HttpSimulatorOptions,
): Promise<void> {
  const request = await readRequest(message, options.maxBodyBytes);
  const { call } = request;
  options.calls.push(call);
  const ms = typeof options.delayMs === "number" ? options.delayMs : options.delayMs(call);
  if (ms > 0) await wait(ms);
  const fault = await options.intercept()?.(call);
  if (fault === "reset") return reset(message);
  const answer = typeof fault === "object" ? fault : answered(request, options.answer);
  if (fault === "apply-then-reset") return reset(message);
  call.status = answer.status;
  send(response, answer, answer.bare === true ? {} : options.headers(request));
}

function reset(message: IncomingMessage): void {
  message.socket.resetAndDestroy();
}

function answered(request: Request, answer: (request: Request) => Answer): Answer {
  try {
    return answer(request);
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    return { status: 500, body: `simulator: ${error instanceof Error ? error.stack : String(error)}` };
  }
}

function send(response: ServerResponse, answer: Answer, common: Record<string, string>): void {
  const { body } = answer;
  const isJson = body !== undefined && typeof body !== "string" && !Buffer.isBuffer(body);
  const payload = Buffer.isBuffer(body)
    ? body
    : Buffer.from(isJson ? JSON.stringify(body) : String(body ?? ""));
  const type: Record<string, string> = isJson ? { "content-type": "application/json; charset=utf-8" } : {};
  const open = answer.status === 204 || answer.neverEnds === true;
  const length = open ? {} : { "content-length": String(payload.length) };
  response.writeHead(answer.status, { ...type, ...length, ...common, ...answer.headers });
  if (answer.neverEnds === true) drip(response, payload);
  else response.end(payload);
}

function drip(response: ServerResponse, payload: Buffer): void {
  response.write(payload.length > 0 ? payload : " ");
  const timer = setInterval(() => response.write(" "), dripEveryMs);
  response.once("close", () => clearInterval(timer));
}
