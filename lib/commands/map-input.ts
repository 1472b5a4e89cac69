import { readFileSync } from "node:fs";
import { parseEvent } from "../bitbucket/events.ts";
import { field, type Kind, objectAddress, textField, withEpochDates } from "../bitbucket/objects.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../json.ts";
import { observeEvent } from "../live/observe-event.ts";
import { observeObject, type SourceObject } from "../sync/observe.ts";
import { UsageError } from "./run.ts";

/** What a file holds: objects of Bitbucket with all that they relate to, or why there are none. */
export type Input =
  | { readonly sources: readonly SourceObject[]; readonly note?: string }
  | { readonly fault: string };

/** @throws UsageError when there is no such file, or no JSON in it */
export function readInput(file: string): Json {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
  const value = parseJson(text);
  if (value === undefined) throw new UsageError(`${file} holds no JSON`);
  return value;
}

/**
 * Understands a delivery's body as live events do, and an object, a page or a list of them as a backfill does.
 */
export async function inputsIn(value: Json): Promise<Input[]> {
  const list = Array.isArray(value) ? value : field(value, "values");
  if (Array.isArray(list)) return (await Promise.all(list.map(inputsIn))).flat();
  if (!isJsonObject(value)) return [{ fault: "it is no object of Bitbucket's" }];
  // As replay takes it: a delivery with its headers.
  const body = value["body"];
  if (value["eventKey"] !== undefined) return [await delivery(value)];
  return [isJsonObject(body) && body["eventKey"] !== undefined ? await delivery(body) : object(value)];
}

async function delivery(payload: JsonObject): Promise<Input> {
  const parsed = parseEvent(payload);
  if ("fault" in parsed) return { fault: parsed.fault };
  if ("ignored" in parsed)
    return { sources: [], note: `${textField(payload, "eventKey")}: ${parsed.ignored}` };
  const { event } = parsed;
  if (event.change.type === "delete") return { sources: [], note: "a deletion: nothing is made of it" };
  const now = Date.now();
  const live = { deliveryId: "", acceptedAt: now, deliveries: 1, event };
  const sources = await observeEvent(live, 0, undefined, { readme: false, latestCommit: false });
  return { sources };
}

function object(value: JsonObject): Input {
  const kind = kindOf(value);
  if (kind === undefined)
    return { fault: "it is neither a delivery nor a project, repository, pull request or user" };
  return observed(kind, withEpochDates(value));
}

/** An object of a kind as a backfill sees it, with all that it relates to. */
export function observed(kind: Kind, object: JsonObject): Input {
  const seen = { order: 0, proof: "listed" } as const;
  if (kind === "user") return { sources: [{ kind, object, intent: "write", version: seen, sources: [0] }] };
  const address = objectAddress(kind, object);
  if (address === undefined) return { fault: `it is a ${kind} that does not say which` };
  return { sources: observeObject(address, object, seen) };
}

function kindOf(object: JsonObject): Kind | undefined {
  if (object["toRef"] !== undefined) return "pull-request";
  if (object["project"] !== undefined) return "repository";
  if (object["key"] !== undefined) return "project";
  const names = ["emailAddress", "displayName", "name"];
  return names.some((name) => object[name] !== undefined) ? "user" : undefined;
}
