import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { sign } from "../bitbucket/signature.ts";
import { loadDotEnv } from "../config/dot-env.ts";
import { explainDelivery } from "../diagnosis/explain-delivery.ts";
import { useProxy } from "../proxy.ts";
import { readLocalStack } from "./local-stack.ts";
import { readPayload } from "./replay-payload.ts";
import { postDelivery } from "./replay-post.ts";
import { runCommand, UsageError } from "./run.ts";

const usage = `npm run replay -- FILE [--url URL]

Signs the payload in FILE as Bitbucket does and posts it to the webhook; prints the answer.

  FILE        an event's JSON, or an object that has it under "body"
  --url URL   the webhook's address; default: the stack that npm start runs here
  --help      this text

WEBHOOK_SECRET (from the environment or .env) signs it; the running local stack's own is used for that stack
when it is not set. Exits with 0 when the answer is a 2xx, and no web page.`;

await runCommand(usage, async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { url: { type: "string" } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("name one FILE");
  loadDotEnv();
  useProxy(process.env);
  const stack = readLocalStack();
  const url = values.url ?? stack?.url;
  if (url !== undefined && !isHttpUrl(url)) throw new UsageError("--url is not an http(s) URL");
  if (url === undefined) throw new UsageError("no stack runs here: start one with npm start, or give --url");
  const secret = process.env["WEBHOOK_SECRET"] || (url === stack?.url ? stack.secret : undefined);
  if (secret === undefined) throw new UsageError("WEBHOOK_SECRET is not set");

  const { body, eventKey } = readPayload(file);
  const setting = values.url === undefined ? "the address that npm start left here" : "--url";
  const target = { name: "The webhook", setting, address: url };
  const headers = {
    "x-event-key": eventKey,
    "x-hub-signature": sign(body, secret),
    "x-request-id": randomUUID(),
  };
  const answer = await postDelivery(target, headers, body);
  process.stdout.write(`${eventKey} → ${answer.status} ${answer.text}\n`);
  const fault = explainDelivery(answer, target);
  if (fault === undefined) return 0;
  process.stderr.write(`${fault}\n`);
  return 1;
});

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
