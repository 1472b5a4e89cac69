import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Call, type Incoming, type Request, readRequest, requestOf } from "./http-request.ts";
import { type Answer, bytesOf, send } from "./http-send.ts";

export type { Call, Incoming, Request } from "./http-request.ts";
export type { Answer } from "./http-send.ts";

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

/** A running server: its origin without a trailing slash, and how to end it at once. */
export type HttpSimulator = {
  readonly origin: string;
  /** Takes a call as if it had come over the network: for those whose time is not the machine's. */
  readonly inject: Inject;
  readonly close: () => Promise<void>;
};

export type Inject = (incoming: Incoming) => Promise<Answer | "reset">;

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
    async inject(incoming) {
      const answer = await answerTo(requestOf(incoming), options);
      return answer === "reset" ? answer : { ...answer, body: bytesOf(answer.body).payload };
    },
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
  const answer = await answerTo(await readRequest(message, options.maxBodyBytes), options);
  if (answer === "reset") message.socket.resetAndDestroy();
  else send(response, answer);
}

async function answerTo(request: Request, options: HttpSimulatorOptions): Promise<Answer | "reset"> {
  const { call } = request;
  options.calls.push(call);
  const ms = typeof options.delayMs === "number" ? options.delayMs : options.delayMs(call);
  if (ms > 0) await wait(ms);
  const fault = await options.intercept()?.(call);
  if (fault === "reset") return fault;
  const answer = typeof fault === "object" ? fault : answered(request, options.answer);
  if (fault === "apply-then-reset") return "reset";
  if (answer.afterMs !== undefined) await wait(answer.afterMs);
  call.status = answer.status;
  const common = answer.bare === true ? {} : options.headers(request);
  return { ...answer, headers: { ...common, ...answer.headers } };
}

function answered(request: Request, answer: (request: Request) => Answer): Answer {
  try {
    return answer(request);
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    return { status: 500, body: `simulator: ${error instanceof Error ? error.stack : String(error)}` };
  }
}
