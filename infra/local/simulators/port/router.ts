import type { Answer } from "../http.ts";
import {
  createBlueprint,
  deleteBlueprint,
  getBlueprint,
  listBlueprints,
  patchBlueprint,
  replaceBlueprint,
} from "./blueprint-routes.ts";
import type { Context, Route } from "./context.ts";
import { bulkDelete, deleteEntity } from "./delete-routes.ts";
import {
  bulkUpsert,
  countEntities,
  createEntity,
  getEntity,
  patchEntity,
  putEntity,
} from "./entity-routes.ts";
import { refused } from "./refusals.ts";
import { listEntities, searchEntities } from "./search-routes.ts";

const routes: Readonly<Record<string, Route>> = {
  "GET blueprints": listBlueprints,
  "POST blueprints": createBlueprint,
  "GET blueprints/*": getBlueprint,
  "PUT blueprints/*": replaceBlueprint,
  "PATCH blueprints/*": patchBlueprint,
  "DELETE blueprints/*": deleteBlueprint,
  "GET blueprints/*/entities": listEntities,
  "POST blueprints/*/entities": createEntity,
  "POST blueprints/*/entities/bulk": bulkUpsert,
  "POST blueprints/*/entities/search": searchEntities,
  "GET blueprints/*/entities-count": countEntities,
  "POST blueprints/*/bulk/entities/delete": bulkDelete,
  "GET blueprints/*/entities/*": getEntity,
  "PUT blueprints/*/entities/*": putEntity,
  "PATCH blueprints/*/entities/*": patchEntity,
  "DELETE blueprints/*/entities/*": deleteEntity,
};

const patterns = Object.entries(routes).map(([name, route]) => {
  const [method = "", path = ""] = name.split(" ");
  return { method, segments: path.split("/"), route };
});

/** Finds the route of a call below `/v1` and lets it answer. */
export function routed(context: Context): Answer {
  const { call, segments } = context.request;
  const path = segments.slice(1);
  for (const pattern of patterns) {
    if (pattern.method !== call.method || pattern.segments.length !== path.length) continue;
    if (!pattern.segments.every((segment, at) => segment === "*" || segment === path[at])) continue;
    return pattern.route(context, ...path.filter((_, at) => pattern.segments[at] === "*"));
  }
  throw refused(404, "not_found", `Route ${call.method}:${call.path} not found`);
}
