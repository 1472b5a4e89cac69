import { comparison, isEmpty, not } from "./comparisons.ts";
import { shapedObject } from "./entity-shape.ts";
import { related } from "./links.ts";
import { isObject } from "./property-values.ts";
import { invalid } from "./refusals.ts";
import { matchAny, type Query, relatedTo } from "./relation-rules.ts";
import { find } from "./store.ts";
import type { Store, Stored } from "./stored.ts";
import { found } from "./traversal.ts";
import type { Blueprint } from "./types.ts";
import { reader, strings } from "./values.ts";

/** Compiles a combinator and its rules, or refuses (422) what is not of the query language. */
export function compiled(store: Store, blueprint: Blueprint, value: unknown, where = "body/query"): Query {
  const { combinator, rules } = shapedObject(value, where, ["combinator", "rules"]);
  if (combinator !== "and" && combinator !== "or") throw invalid(`${where}/combinator must be "and" or "or"`);
  if (!Array.isArray(rules)) throw invalid(`${where} must have required property 'rules'`);
  const parts = rules.map((rule, index) => compiledRule(store, blueprint, rule, `${where}/rules/${index}`));
  if (combinator === "or" && parts.length > 0) return anyOf(parts);
  const smallest = parts
    .map(({ candidates }) => candidates)
    .filter((candidates) => candidates !== undefined)
    .sort((a, b) => a.size - b.size)[0];
  const matches = (stored: Stored) => parts.every((part) => part.matches(stored));
  return smallest === undefined ? { matches } : { matches, candidates: smallest };
}

function anyOf(parts: readonly Query[]): Query {
  const matches = (stored: Stored) => parts.some((part) => part.matches(stored));
  const sets = parts.map(({ candidates }) => candidates).filter((candidates) => candidates !== undefined);
  if (sets.length < parts.length) return { matches };
  return { matches, candidates: new Set(sets.flatMap((candidates) => [...candidates])) };
}

function compiledRule(store: Store, blueprint: Blueprint, rule: unknown, where: string): Query {
  if (!isObject(rule)) throw invalid(`${where} must be object`);
  if ("combinator" in rule) return compiled(store, blueprint, rule, where);
  if (rule["operator"] === "relatedTo") return relatedTo(store, blueprint, rule, where);
  if (rule["operator"] === "matchAny") return matchAny(store, blueprint, rule, where);
  if ("relation" in rule) return relationRule(store, blueprint, rule, where);
  return propertyRule(store, blueprint, rule, where);
}

function propertyRule(
  store: Store,
  blueprint: Blueprint,
  rule: Record<string, unknown>,
  where: string,
): Query {
  const read = reader(blueprint, rule["property"], where);
  const test = ruleTest(rule, ["property"], where);
  const matches = (stored: Stored) => test(read(stored));
  const exact = rule["property"] === "$identifier" && (rule["operator"] === "=" || rule["operator"] === "in");
  return exact
    ? { matches, candidates: found(store, blueprint.identifier, strings(rule["value"], where)) }
    : { matches };
}

function relationRule(
  store: Store,
  blueprint: Blueprint,
  rule: Record<string, unknown>,
  where: string,
): Query {
  const name = String(rule["relation"]);
  const schema = blueprint.relations?.[name];
  if (schema === undefined)
    throw invalid(`${where}: "${name}" is not a relation of "${blueprint.identifier}"`);
  const target = rule["targetProperty"] ?? "$identifier";
  if (target !== "$identifier" && target !== "$title") throw invalid(`${where}/targetProperty is invalid`);
  const test = ruleTest(rule, ["relation", "targetProperty"], where);
  const read = (stored: Stored) => {
    const values = related(stored, name).map((identifier) =>
      target === "$title" ? find(store, schema.target, identifier)?.title : identifier,
    );
    return schema.many === true ? values : values[0];
  };
  return { matches: (stored) => test(read(stored)) };
}

function ruleTest(rule: Record<string, unknown>, keys: readonly string[], where: string) {
  const { operator } = rule;
  if (operator === "isEmpty" || operator === "isNotEmpty") {
    shapedObject(rule, where, ["operator", ...keys]);
    return operator === "isEmpty" ? isEmpty : not(isEmpty);
  }
  shapedObject(rule, where, ["operator", "value", ...keys]);
  if (typeof operator !== "string") throw invalid(`${where} must have required property 'operator'`);
  if (!("value" in rule)) throw invalid(`${where} must have required property 'value'`);
  return comparison(operator, rule["value"]);
}
