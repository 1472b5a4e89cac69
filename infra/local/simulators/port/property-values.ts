import { isIPv4, isIPv6 } from "node:net";
import type { PropertySchema } from "./types.ts";

/** Says what is wrong with a value for a blueprint's property, or undefined when it fits. */
export function faultOf(value: unknown, schema: Partial<PropertySchema>): string | undefined {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return `must be equal to one of the allowed values: ${schema.enum.join(", ")}`;
  }
  switch (schema.type) {
    case undefined:
      return undefined;
    case "string":
      return typeof value === "string" ? stringFault(value, schema) : "must be string";
    case "number":
      return typeof value === "number" ? numberFault(value, schema) : "must be number";
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be boolean";
    case "array":
      return Array.isArray(value) ? arrayFault(value, schema) : "must be array";
    case "object":
      return isObject(value) ? undefined : "must be object";
    default:
      return `has a type that the simulator does not know: ${schema.type}`;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringFault(value: string, schema: Partial<PropertySchema>): string | undefined {
  if (value.length < (schema.minLength ?? 0))
    return `must NOT have fewer than ${schema.minLength} characters`;
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) {
    return `must NOT have more than ${schema.maxLength} characters`;
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    return `must match pattern "${schema.pattern}"`;
  }
  const fits = schema.format === undefined || (formats[schema.format]?.(value) ?? true);
  return fits ? undefined : `must match format "${schema.format}"`;
}

function numberFault(value: number, schema: Partial<PropertySchema>): string | undefined {
  if (schema.minimum !== undefined && value < schema.minimum) return `must be >= ${schema.minimum}`;
  if (schema.maximum !== undefined && value > schema.maximum) return `must be <= ${schema.maximum}`;
  return undefined;
}

function arrayFault(values: readonly unknown[], schema: Partial<PropertySchema>): string | undefined {
  if (values.length < (schema.minItems ?? 0)) return `must NOT have fewer than ${schema.minItems} items`;
  if (values.length > (schema.maxItems ?? Number.POSITIVE_INFINITY)) {
    return `must NOT have more than ${schema.maxItems} items`;
  }
  for (const [index, value] of values.entries()) {
    const fault = faultOf(value, schema.items ?? {});
    if (fault !== undefined) return `[${index}] ${fault}`;
  }
  return undefined;
}

const formats: Readonly<Record<string, (value: string) => boolean>> = {
  "date-time": isDateTime,
  timer: isDateTime,
  url: (value) => /^(https?|ftp):\/\/[^\s/]/i.test(value) && URL.canParse(value),
  email: isEmail,
  "idn-email": isEmail,
  user: isEmail,
  ipv4: isIPv4,
  ipv6: isIPv6,
};

/** RFC 3339: a real day, a time, and an offset. */
export function isDateTime(value: string): boolean {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)[tT ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([zZ]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(
      value,
    );
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/u.test(value);
}
