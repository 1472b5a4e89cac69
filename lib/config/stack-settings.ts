import { ConfigError } from "../errors.ts";
import { isJsonObject, parseJson } from "../json.ts";
import type { Environment } from "./config.ts";

/** A setting that the stack itself makes. @throws ConfigError when it is missing */
export function requireSetting(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === "")
    throw new ConfigError("The stack is not complete", [`${name} is not set`]);
  return value;
}

/** The fields of the credentials secret: PORT_CLIENT_ID and so on. @throws ConfigError when it is no JSON object */
export function readCredentials(secret: string): Record<string, string> {
  const fields = parseJson(secret);
  if (!isJsonObject(fields)) {
    throw new ConfigError("The credentials secret cannot be read", ["it has to be a JSON object of texts"]);
  }
  const texts = Object.entries(fields).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
