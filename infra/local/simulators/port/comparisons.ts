import { isDateTime, isObject } from "./property-values.ts";
import { invalid } from "./refusals.ts";

/** Says whether one value of an entity satisfies a rule. */
export type Comparison = (actual: unknown) => boolean;

/** Builds the comparison of a rule, or refuses a value that does not go with its operator. */
export function comparison(operator: string, value: unknown): Comparison {
  const build = Object.hasOwn(builders, operator) ? builders[operator] : undefined;
  if (build === undefined) throw invalid(`operator ${JSON.stringify(operator)} is not known`);
  return build(value);
}

const builders: Readonly<Record<string, (value: unknown) => Comparison>> = {
  "=": (value) => (isObject(value) ? within(value) : equals(scalar(value))),
  "!=": (value) => not(equals(scalar(value))),
  between: within,
  notBetween: (value) => not(within(value)),
  contains: (value) => contains(scalar(value)),
  doesNotContains: (value) => not(contains(scalar(value))),
  containsAny: (value) => containsAny(list(value)),
  in: (value) => includes(list(value)),
  notIn: (value) => not(includes(list(value))),
  beginsWith: (value) => onText(value, (text, part) => text.startsWith(part)),
  doesNotBeginsWith: (value) => not(onText(value, (text, part) => text.startsWith(part))),
  endsWith: (value) => onText(value, (text, part) => text.endsWith(part)),
  doesNotEndsWith: (value) => not(onText(value, (text, part) => text.endsWith(part))),
  ">": (value) => ordered(value, (actual, bound) => actual > bound),
  ">=": (value) => ordered(value, (actual, bound) => actual >= bound),
  "<": (value) => ordered(value, (actual, bound) => actual < bound),
  "<=": (value) => ordered(value, (actual, bound) => actual <= bound),
};

/** No value, an empty string and an empty list all count as empty. */
export function isEmpty(actual: unknown): boolean {
  return (
    actual === undefined || actual === null || actual === "" || (Array.isArray(actual) && actual.length === 0)
  );
}

export function not(comparison: Comparison): Comparison {
  return (actual) => !comparison(actual);
}

function equals(value: unknown): Comparison {
  return (actual) => (actual ?? null) === value;
}

function contains(value: unknown): Comparison {
  return (actual) =>
    Array.isArray(actual)
      ? actual.includes(value)
      : typeof actual === "string" && actual.includes(String(value));
}

function containsAny(values: readonly string[]): Comparison {
  const wanted = new Set<unknown>(values);
  return (actual) => (Array.isArray(actual) ? actual.some((item) => wanted.has(item)) : wanted.has(actual));
}

function includes(values: readonly string[]): Comparison {
  const wanted = new Set<unknown>(values);
  return (actual) => wanted.has(actual);
}

function onText(value: unknown, test: (text: string, part: string) => boolean): Comparison {
  if (typeof value !== "string") throw invalid("the rule's value must be string");
  return (actual) => typeof actual === "string" && test(actual, value);
}

function ordered(value: unknown, test: (actual: number, bound: number) => boolean): Comparison {
  if (typeof value === "number") return (actual) => typeof actual === "number" && test(actual, value);
  if (typeof value !== "string" || !isDateTime(value))
    throw invalid("the rule's value must be number or date-time");
  const bound = Date.parse(value);
  return (actual) => typeof actual === "string" && isDateTime(actual) && test(Date.parse(actual), bound);
}

function within(value: unknown): Comparison {
  const { from, to } = isObject(value) ? value : {};
  if (typeof from !== "string" || typeof to !== "string" || !isDateTime(from) || !isDateTime(to)) {
    throw invalid(
      "the rule's value must be a range of dates (the simulator knows no presets and no contexts)",
    );
  }
  const [first, last] = [Date.parse(from), Date.parse(to)];
  return (actual) => {
    const time = typeof actual === "string" ? Date.parse(actual) : Number.NaN;
    return time >= first && time <= last;
  };
}

function scalar(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  throw invalid("the rule's value must be null, string, number or boolean for this operator");
}

function list(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw invalid("the rule's value must be array for this operator");
  if (!value.every((item) => typeof item === "string"))
    throw invalid("the rule's value must be an array of strings");
  return value;
}
