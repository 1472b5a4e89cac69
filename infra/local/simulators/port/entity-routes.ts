import { type Answer, Refused } from "../http.ts";
import { blueprintOf, type Context, ok, queryFlags, shown } from "./context.ts";
import { shapedEntity, shapedObject, shapedPatch } from "./entity-shape.ts";
import { invalid, notFound, refused } from "./refusals.ts";
import { find } from "./store.ts";
import type { Stored } from "./stored.ts";
import type { Blueprint, EntityInput } from "./types.ts";
import { checkAgainstBlueprint, merged, upsert, type WriteFlags } from "./upsert.ts";

export function createEntity(context: Context, blueprintIdentifier: string): Answer {
  const flags = writeFlags(context);
  const blueprint = blueprintOf(context, blueprintIdentifier);
  const input = shapedEntity(context.request.call.body, "body");
  const { created, stored } = upsert(context.store, blueprint, input, flags, context.settings);
  const entity = stored === undefined ? input : shown(context.store, stored, context.settings.unset);
  return ok({ entity }, created ? 201 : 200);
}

export function bulkUpsert(context: Context, blueprintIdentifier: string): Answer {
  const flags = writeFlags(context);
  const blueprint = blueprintOf(context, blueprintIdentifier);
  const inputs = entityList(context, 20).map((item, index) => shapedEntity(item, `body/entities/${index}`));
  if (context.settings.schemaErrors === "whole-call") checkAll(context, blueprint, inputs, flags);
  const entities: { identifier: string; index: number; created: boolean }[] = [];
  const errors: { identifier: string; index: number; statusCode: number; error: string; message: string }[] =
    [];
  const seen = new Set<string>();
  for (const [index, input] of inputs.entries()) {
    const { identifier } = input;
    try {
      if (seen.has(identifier)) throw invalid(`duplicate identifier "${identifier}" in one request`);
      seen.add(identifier);
      const { created } = upsert(context.store, blueprint, input, flags, context.settings);
      entities.push({ identifier, index, created });
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      const { error, message } = thrown.answer.body as { error: string; message: string };
      errors.push({ identifier, index, statusCode: thrown.answer.status, error, message });
    }
  }
  return ok({ entities, errors }, errors.length === 0 ? 200 : 207);
}

export function getEntity(context: Context, blueprint: string, identifier: string): Answer {
  return ok({
    entity: shown(context.store, existing(context, blueprint, identifier), context.settings.unset),
  });
}

export function patchEntity(context: Context, blueprintIdentifier: string, identifier: string): Answer {
  const patch = shapedPatch(context.request.call.body);
  return change(context, blueprintIdentifier, identifier, patch, (stored) => merged(stored, patch));
}

export function putEntity(context: Context, blueprintIdentifier: string, identifier: string): Answer {
  const { body } = context.request.call;
  const input = shapedEntity(typeof body === "object" ? { identifier, ...body } : body, "body");
  return change(context, blueprintIdentifier, identifier, input, () => input);
}

export function countEntities(context: Context, blueprintIdentifier: string): Answer {
  blueprintOf(context, blueprintIdentifier);
  return ok({ count: context.store.tables.get(blueprintIdentifier)?.byIdentifier.size ?? 0 });
}

/** The body's `entities`, 1 to `most` of them. */
export function entityList(context: Context, most: number): unknown[] {
  const { entities } = shapedObject(context.request.call.body, "body", ["entities"]);
  if (!Array.isArray(entities)) throw invalid("body/entities must be array");
  if (entities.length < 1) throw invalid("body/entities must NOT have fewer than 1 items");
  if (entities.length > most) throw invalid(`body/entities must NOT have more than ${most} items`);
  return entities;
}

export function existing(context: Context, blueprintIdentifier: string, identifier: string): Stored {
  blueprintOf(context, blueprintIdentifier);
  const stored = find(context.store, blueprintIdentifier, identifier);
  if (stored === undefined) throw notFound("Entity", identifier);
  return stored;
}

function change(
  context: Context,
  blueprintIdentifier: string,
  identifier: string,
  input: Partial<EntityInput>,
  next: (stored: Stored) => EntityInput,
): Answer {
  const flags = queryFlags(context, [], ["create_missing_related_entities"]);
  const blueprint = blueprintOf(context, blueprintIdentifier);
  const stored = existing(context, blueprintIdentifier, identifier);
  if ((input.identifier ?? identifier) !== identifier)
    throw invalid("the simulator does not rename entities");
  const createMissing = flags.create_missing_related_entities;
  const options: WriteFlags = { upsert: true, merge: false, createMissing, validationOnly: false };
  upsert(context.store, blueprint, next(stored), options, context.settings);
  return getEntity(context, blueprintIdentifier, identifier);
}

function writeFlags(context: Context): WriteFlags {
  const flags = queryFlags(
    context,
    ["upsert"],
    ["merge", "validation_only", "create_missing_related_entities"],
  );
  const { upsert, merge } = flags;
  return {
    upsert,
    merge,
    createMissing: flags.create_missing_related_entities,
    validationOnly: flags.validation_only,
  };
}

/** In whole-call mode, one entity that its blueprint does not allow refuses them all. */
function checkAll(
  context: Context,
  blueprint: Blueprint,
  inputs: readonly EntityInput[],
  flags: WriteFlags,
): void {
  for (const [index, input] of inputs.entries()) {
    try {
      const base = flags.merge ? find(context.store, blueprint.identifier, input.identifier) : undefined;
      checkAgainstBlueprint(blueprint, input, base);
    } catch (error) {
      throw refused(
        422,
        "invalid_request",
        `entities/${index}: ${error instanceof Error ? error.message : ""}`,
      );
    }
  }
}
