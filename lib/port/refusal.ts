import { RequestError } from "../errors.ts";
import { errorCode } from "../http/answer.ts";
import type { HttpAnswer } from "../http/request.ts";
import { isJsonObject } from "../json.ts";
import type { Entity } from "./entity.ts";

/**
 * Port's error with the properties and relations that its message speaks of, e.g. `invalid_request: property "state"`.
 * A message may quote anything that was sent, so no more of it is taken than names that the entities' fields have.
 */
export function describeRefusal(error: string, message: unknown, entities: readonly Entity[]): string {
  if (typeof message !== "string") return error;
  // In quotes, or at the end of a path.
  const mentioned = new Set(
    [...message.matchAll(/["'`/]([\w@=-]{1,80})(?![\w@=-])/g)].map((match) => match[1]),
  );
  const named = (what: string, names: readonly string[]) =>
    [...new Set(names)].filter((name) => mentioned.has(name)).map((name) => `${what} "${name}"`);
  const fields = [
    ...named(
      "property",
      entities.flatMap((entity) => Object.keys(entity.properties)),
    ),
    ...named(
      "relation",
      entities.flatMap((entity) => Object.keys(entity.relations)),
    ),
  ];
  return fields.length === 0 ? error : `${error}: ${fields.join(", ")}`;
}

/** The error for entities that Port refused all together. */
export function refusalOf(answer: HttpAnswer, operation: string, entities: readonly Entity[]): RequestError {
  const { status, json } = answer;
  const message = isJsonObject(json) ? json["message"] : undefined;
  const code = describeRefusal(errorCode(answer.text) ?? "refused", message, entities);
  const traceId = answer.headers.get("x-trace-id") ?? undefined;
  return new RequestError({ service: "port", operation, status, code, traceId });
}
