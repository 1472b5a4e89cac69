import type { PortConfig } from "../config/config.ts";
import { RequestError } from "../errors.ts";
import type { ClientOptions } from "../http/service-client.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { createPortCaller, type PortCaller } from "./caller.ts";

/** Port's data model. Every call can throw RequestError. */
export interface BlueprintClient extends Pick<PortCaller, "baseUrl" | "signIn"> {
  /** A blueprint as Port has it; undefined when there is none. */
  read(identifier: string): Promise<JsonObject | undefined>;
  /** Creates a blueprint, whose relations' targets have to be there. False when there is one of that name. */
  create(blueprint: JsonObject): Promise<boolean>;
  /** Puts these parts of a blueprint, each of them whole, in place of what it has; the other parts stay. */
  change(identifier: string, parts: JsonObject): Promise<void>;
}

/** @see https://docs.port.io/api-reference/port-api */
export function createBlueprintClient(config: PortConfig, options: ClientOptions): BlueprintClient {
  const { call, baseUrl, signIn } = createPortCaller(config, options);

  return {
    baseUrl,
    signIn,
    read: (identifier) => readBlueprint(call, identifier),

    async create(blueprint) {
      const operation = "POST /blueprints";
      const request = { method: "POST", path: "/blueprints", operation, body: blueprint } as const;
      return (await call({ ...request, accept: [409] })).status !== 409;
    },

    async change(identifier, parts) {
      const operation = "PATCH /blueprints/{blueprint}";
      await call({ method: "PATCH", path: pathOf(identifier), operation, body: parts });
    },
  };
}

/** A blueprint as Port has it; undefined when there is none. @throws RequestError */
export async function readBlueprint(
  call: PortCaller["call"],
  identifier: string,
): Promise<JsonObject | undefined> {
  const operation = "GET /blueprints/{blueprint}";
  const answer = await call({ method: "GET", path: pathOf(identifier), operation, accept: [404] });
  if (answer.status === 404) return undefined;
  const blueprint = isJsonObject(answer.json) ? answer.json["blueprint"] : undefined;
  if (isJsonObject(blueprint)) return blueprint;
  throw new RequestError({ service: "port", operation, code: "unexpected_answer" });
}

function pathOf(identifier: string): string {
  return `/blueprints/${encodeURIComponent(identifier)}`;
}
