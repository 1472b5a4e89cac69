import type { Entity } from "../port/entity.ts";
import type { UpsertResult } from "../port/upsert-answer.ts";
import { type Violation, violations } from "../port/violations.ts";
import type { Model } from "./model.ts";
import { type Failure, failureOf } from "./outcomes.ts";

/**
 * What a write that failed means: where Port refuses the entity, with the rules of its blueprint that it breaks, as far as
 * the blueprint is known; without any value.
 */
export function refusalOf(
  result: Extract<UpsertResult, { ok: false }>,
  entity: Entity,
  model: Pick<Model, "find" | "forget">,
): Failure {
  const failure = failureOf(result);
  if (!failure.permanent) return failure;
  const blueprint = model.find(entity.blueprint);
  const broken = blueprint === undefined ? [] : violations(entity, blueprint);
  // It may not be as it was.
  model.forget(entity.blueprint);
  if (broken.length === 0) return failure;
  const [error = ""] = result.code.split(":");
  const words = broken.map(inWords).join("; ");
  return { ...failure, reason: `${failure.status} ${error}: ${entity.blueprint} ${words}` };
}

/** E.g. `property "state" has to be a number, and is a text`. */
export function inWords({ field, rule }: Violation): string {
  const [group, ...name] = field.split(".");
  return `${group === "properties" ? "property" : "relation"} ${JSON.stringify(name.join("."))} ${rule}`;
}
