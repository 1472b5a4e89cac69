import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sign } from "../bitbucket/signature.ts";
import { loadDotEnv } from "../config/config.ts";
import { isJsonObject, parseJson } from "../json.ts";
import { userAgent } from "../version.ts";
import { readLocalStack } from "./local-stack.ts";
import { runCommand, UsageError } from "./run.ts";

const usage = `npm run replay -- FILE [--url URL]

Signs the payload in FILE as Bitbucket does and posts it to the webhook; prints the answer.

  FILE        an event's JSON, or an object that has it under "body"
  --url URL   the webhook's address; default: the stack that npm start runs here
  --help      this text

WEBHOOK_SECRET (from the environment or .env) signs it; the running local stack's own is used for that stack
when it is not set. Exits with 0 when the answer is a 2xx.`;

await runCommand(usage, async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { url: { type: "string" } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("name one FILE");
  loadDotEnv();
  const stack = readLocalStack();
  const url = values.url ?? stack?.url;
  if (url === undefined) throw new UsageError("no stack runs here: start one with npm start, or give --url");
  const secret = process.env["WEBHOOK_SECRET"] || (url === stack?.url ? stack.secret : undefined);
  if (secret === undefined) throw new UsageError("WEBHOOK_SECRET is not set");

  const { body, eventKey } = readPayload(file);
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": userAgent,
      "x-event-key": eventKey,
      "x-hub-signature": sign(body, secret),
      "x-request-id": randomUUID(),
    },
    body: new Uint8Array(body),
    // As for Bitbucket: anything but a 2xx is a failed delivery.
    redirect: "manual",
  });
  process.stdout.write(`${eventKey} → ${response.status} ${await response.text()}\n`);
  return response.ok ? 0 : 1;
});

/** The file's bytes as they are when it holds an event; re-written when the event is its `body`. */
function readPayload(file: string): { readonly body: Buffer; readonly eventKey: string } {
  const bytes = readFileSync(file);
  const payload = parseJson(bytes.toString("utf8"));
  if (!isJsonObject(payload)) throw new UsageError(`${file} holds no JSON object`);
  const inner = payload["body"];
  const wrapped = payload["eventKey"] === undefined && isJsonObject(inner);
  const eventKey = wrapped ? inner["eventKey"] : payload["eventKey"];
  if (typeof eventKey !== "string") throw new UsageError(`${file} has no eventKey`);
  return { body: wrapped ? Buffer.from(JSON.stringify(inner)) : bytes, eventKey };
}
