import { type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { buffer } from "node:stream/consumers";
import { loopback } from "./server.ts";

/** Passes a request on to a port of serverless-offline, and its answer back. */
export function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
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

/** Answers as API Gateway does when it has no answer of a function. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
}
