import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Resource } from "./schema.ts";

/**
 * Whether a resource's selector wants the project that an object is or lies in; users lie in none.
 * @returns undefined where it wants all of them
 */
export function inProjects({ kind, selector }: Resource): ((object: JsonObject) => boolean) | undefined {
  const { projects, projectFilterRegex } = selector ?? {};
  if (kind === "user" || (projects == null && projectFilterRegex == null)) return undefined;
  const keys = new Set(projects?.map((key) => key.toLowerCase()));
  // As Port's integration does: from the beginning of the key on.
  const pattern = projectFilterRegex == null ? undefined : new RegExp(`^(?:${projectFilterRegex})`);
  return (object) => {
    const key = projectKey(kind, object);
    if (key === undefined) return false;
    return (keys.size === 0 || keys.has(key.toLowerCase())) && (pattern?.test(key) ?? true);
  };
}

function projectKey(kind: Resource["kind"], object: JsonObject): string | undefined {
  const repository = kind === "pull-request" ? at(object["toRef"], "repository") : object;
  const key = at(kind === "project" ? object : at(repository, "project"), "key");
  return typeof key === "string" ? key : undefined;
}

function at(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
