import type { Json } from "../json.ts";
import { reasonOf, typeName } from "./jq-reason.ts";
import type { Notes, ResourceResult } from "./result.ts";

/** What a resource makes of an object: of each of its items where it has such, else one. */
export type ResourceResults =
  | { readonly v: readonly ResourceResult[] | Exclude<Json, Json[]> }
  | { readonly e: Json };

/** The results of a resource; what gives no list of items is told. */
export function resultsIn(results: ResourceResults, notes: Notes): readonly ResourceResult[] {
  if ("v" in results && Array.isArray(results.v)) return results.v;
  const isEmpty = "v" in results && results.v === null;
  if (!isEmpty)
    notes.failed(
      "items",
      "e" in results ? reasonOf(results.e) : `it gives ${typeName(results.v)} in place of a list`,
    );
  return [];
}
