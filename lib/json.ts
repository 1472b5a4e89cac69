export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** True for a JSON object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The types of JSON, in words. */
export const typeNames: Readonly<Record<string, string>> = {
  null: "null",
  boolean: "true or false",
  number: "a number",
  string: "a text",
  array: "a list",
  object: "an object",
};

/** The type of a JSON value, e.g. `array`. */
export function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** The JSON in a text, or undefined when there is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * Deep equality of JSON values; the order of an object's keys does not matter, an array's order does. However deep they
 * go: what others write must not overflow our stack.
 */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  const left = [a];
  const right = [b];
  while (left.length > 0) {
    const [one, other] = [left.pop(), right.pop()];
    if (one === other) continue;
    if (Array.isArray(one) && Array.isArray(other)) {
      if (one.length !== other.length) return false;
      for (const [index, item] of one.entries()) {
        left.push(item);
        right.push(other[index]);
      }
      continue;
    }
    if (!isJsonObject(one) || !isJsonObject(other)) return false;
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(other, key)) return false;
      left.push(one[key]);
      right.push(other[key]);
    }
  }
  return true;
}

/** Whether a value has more than so many arrays and objects within each other. */
export function isDeeperThan(levels: number, value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
