import { isJsonObject, type Json } from "../json.ts";
import { typeName } from "./jq-reason.ts";

/** Port takes texts; a number as an identifier or title is written as one. */
export function text(value: Json): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A list without its nulls, e.g. of people of whom some have no address; anything else as it is. */
export function listed(value: Json): Json {
  return Array.isArray(value) ? value.filter((item) => item !== null) : value;
}

export interface Related {
  /** Absent where it has to stay as it is. */
  readonly related?: string | readonly string[] | null;
  /** What is wrong with the value, without it. */
  readonly fault?: string;
}

/** What a relation leads to. Port refuses a null inside a relation to many. */
export function relation(value: Json): Related {
  if (isJsonObject(value)) return { fault: `it gives ${typeName(value)} in place of an identifier` };
  if (!Array.isArray(value)) return { related: text(value) ?? null };
  const odd = value.find((item) => item !== null && item !== "" && text(item) === undefined);
  const related = value.map(text).filter((item) => item !== undefined);
  return odd === undefined
    ? { related }
    : {
        related,
        fault: `it gives a list with ${typeName(odd)} in place of an identifier, which is left out`,
      };
}
