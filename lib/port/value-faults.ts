import { isIPv4, isIPv6 } from "node:net";
import { isJsonObject, type Json, type JsonObject, sameJson, typeNames, typeOf } from "../json.ts";

/**
 * What is wrong with a property's value, without the value itself; undefined where nothing is.
 * @param definition the property's own in its blueprint
 * @see https://docs.port.io/build-your-software-catalog/customize-integrations/configure-data-model/setup-blueprint/properties
 */
export function valueFault(value: Json, definition: JsonObject): string | undefined {
  const { type, enum: allowed } = definition;
  if (typeof type === "string" && !hasType(value, type))
    return `has to be ${typeNames[type] ?? type}, and is ${typeNames[typeOf(value)]}`;
  if (Array.isArray(allowed) && !allowed.some((one) => sameJson(one, value)))
    return `is none of the values that the blueprint allows: ${allowed.map(String).join(", ")}`;
  if (typeof value === "string") return textFault(value, definition);
  if (typeof value === "number") return numberFault(value, definition);
  return Array.isArray(value) ? listFault(value, definition) : undefined;
}

/** A type that is not known here may be anything. */
function hasType(value: Json, type: string): boolean {
  return typeOf(value) === type || !(type in typeNames);
}

const formats: Readonly<Record<string, { readonly is: string; fits(value: string): boolean }>> = {
  "date-time": { is: "a date and time with its zone, as 2024-05-01T10:00:00Z", fits: isDateTime },
  timer: { is: "a date and time with its zone, as 2024-05-01T10:00:00Z", fits: isDateTime },
  url: { is: "an address, as https://example.org", fits: (value) => URL.canParse(value) },
  email: { is: "an e-mail address", fits: isEmail },
  "idn-email": { is: "an e-mail address", fits: isEmail },
  user: { is: "the e-mail address of a user of Port", fits: isEmail },
  ipv4: { is: "an IPv4 address", fits: isIPv4 },
  ipv6: { is: "an IPv6 address", fits: isIPv6 },
};

function textFault(value: string, { format, minLength, maxLength, pattern }: JsonObject): string | undefined {
  const known = typeof format === "string" ? formats[format] : undefined;
  if (known !== undefined && !known.fits(value))
    return `is not of format ${String(format)}: it has to be ${known.is}`;
  if (typeof minLength === "number" && value.length < minLength)
    return `has fewer than ${minLength} characters`;
  if (typeof maxLength === "number" && value.length > maxLength)
    return `has more than ${maxLength} characters`;
  const isOdd = typeof pattern === "string" && expression(pattern)?.test(value) === false;
  return isOdd ? "does not match the blueprint's pattern" : undefined;
}

/** Undefined for what is no expression here: Port judges. */
function expression(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}

function numberFault(value: number, { minimum, maximum }: JsonObject): string | undefined {
  if (typeof minimum === "number" && value < minimum) return `is less than ${minimum}`;
  return typeof maximum === "number" && value > maximum ? `is more than ${maximum}` : undefined;
}

function listFault(value: readonly Json[], { items, minItems, maxItems }: JsonObject): string | undefined {
  if (typeof minItems === "number" && value.length < minItems) return `has fewer than ${minItems} items`;
  if (typeof maxItems === "number" && value.length > maxItems) return `has more than ${maxItems} items`;
  if (!isJsonObject(items)) return undefined;
  const fault = value.map((item) => valueFault(item, items)).find((it) => it !== undefined);
  return fault === undefined ? undefined : `has an item that ${fault}`;
}

function isDateTime(value: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d[tT ]\d\d:\d\d:\d\d(\.\d+)?([zZ]|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value.replace(" ", "T")))
  );
}

function isEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(value);
}
