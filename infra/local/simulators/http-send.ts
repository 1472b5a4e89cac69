import type { ServerResponse } from "node:http";

/** What to answer. A string or a Buffer is sent as it is, anything else as JSON. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the headers that the simulator gives every answer: whatever stands in front of it said this. */
  readonly bare?: boolean;
  /** After the body a byte now and then, for as long as the caller listens. */
  readonly neverEnds?: boolean;
  /** Half of the body, and then no connection any more. */
  readonly breaksOff?: boolean;
  /** Half of the body, and then silence, for as long as the caller listens. */
  readonly stalls?: boolean;
  /** How long it takes beyond what others take. */
  readonly afterMs?: number;
};

const dripEveryMs = 100;

/** Sends an answer, to its end or without one. */
export function send(response: ServerResponse, answer: Answer): void {
  const { payload, isJson } = bytesOf(answer.body);
  const type: Record<string, string> = isJson ? { "content-type": "application/json; charset=utf-8" } : {};
  const open = answer.status === 204 || answer.neverEnds === true;
  const length = open ? {} : { "content-length": String(payload.length) };
  response.writeHead(answer.status, { ...type, ...length, ...answer.headers });
  if (answer.breaksOff === true) breakOff(response, payload);
  else if (answer.stalls === true) response.write(halfOf(payload));
  else if (answer.neverEnds === true) drip(response, payload);
  else response.end(payload);
}

/** A body as it goes over the network. */
export function bytesOf(body: unknown): { readonly payload: Buffer; readonly isJson: boolean } {
  if (Buffer.isBuffer(body)) return { payload: body, isJson: false };
  const isJson = body !== undefined && typeof body !== "string";
  return { payload: Buffer.from(isJson ? JSON.stringify(body) : String(body ?? "")), isJson };
}

function breakOff(response: ServerResponse, payload: Buffer): void {
  response.write(halfOf(payload), () => response.destroy());
}

function halfOf(payload: Buffer): Buffer {
  return payload.subarray(0, Math.floor(payload.length / 2));
}

function drip(response: ServerResponse, payload: Buffer): void {
  response.write(payload.length > 0 ? payload : " ");
  const timer = setInterval(() => response.write(" "), dripEveryMs);
  response.once("close", () => clearInterval(timer));
}
