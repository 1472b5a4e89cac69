import { readFileSync } from "node:fs";
import { isJsonObject, parseJson } from "../json.ts";

/** The stack that `npm start` runs on this machine. */
export interface LocalStack {
  /** The webhook's address. */
  readonly url: string;
  /** What webhooks are signed with; undefined when none is configured. */
  readonly secret: string | undefined;
}

/** Where `npm start` says how to reach it. */
const stackFile = ".local/stack.json";

/** Undefined when none runs here. */
export function readLocalStack(): LocalStack | undefined {
  const stack = parseJson(readIfThere(stackFile) ?? "");
  if (!isJsonObject(stack) || typeof stack["url"] !== "string") return undefined;
  return { url: stack["url"], secret: typeof stack["secret"] === "string" ? stack["secret"] : undefined };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
