import { readFileSync } from "node:fs";
import { isJsonObject, parseJson } from "../json.ts";
import { UsageError } from "./run.ts";

/** The file's bytes as they are when it holds an event; re-written when the event is its `body`. */
export function readPayload(file: string): { readonly body: Buffer; readonly eventKey: string } {
  const bytes = readFileSync(file);
  const payload = parseJson(bytes.toString("utf8"));
  if (!isJsonObject(payload)) throw new UsageError(`${file} holds no JSON object`);
  const inner = payload["body"];
  const wrapped = payload["eventKey"] === undefined && isJsonObject(inner);
  const eventKey = wrapped ? inner["eventKey"] : payload["eventKey"];
  if (typeof eventKey !== "string") throw new UsageError(`${file} has no eventKey`);
  return { body: wrapped ? Buffer.from(JSON.stringify(inner)) : bytes, eventKey };
}
