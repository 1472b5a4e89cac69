import { isOutOfTime, isPermanentStatus, outOfTime, RequestError } from "../errors.ts";
import { inBoundedParts } from "../parts.ts";
import type { PortClient } from "../port/client.ts";
import type { Entity } from "../port/entity.ts";
import type { UpsertResult } from "../port/upsert-answer.ts";

/** Port takes no more in one call. */
export const maxEntitiesPerCall = 20;
/** Port takes 1 MiB in one call; some room is left for what wraps the entities. */
export const maxBytesPerCall = 1_048_576 - 1_024;

/**
 * Upserts entities of one blueprint, in as few calls as Port allows, as many at once as the client lets through.
 * An entity that Port refuses does not cost its neighbours: where the whole call is refused, it is split until the
 * culprit stands alone.
 * @param createMissing makes bare entities for relations that lead nowhere
 * @returns one result each, in the entities' order; never throws for what Port answers
 */
export async function upsertAll(
  port: PortClient,
  entities: readonly Entity[],
  createMissing: boolean,
): Promise<UpsertResult[]> {
  const answers = await Promise.all(
    chunksOf(entities).map((chunk) => upsertChunk(port, chunk, createMissing)),
  );
  return answers.flat();
}

/** The same for entities of several blueprints, side by side. */
export async function upsertByBlueprint(
  port: PortClient,
  entities: readonly Entity[],
  createMissing: boolean,
): Promise<UpsertResult[]> {
  const results: UpsertResult[] = [];
  const indices = Map.groupBy(entities.keys(), (index) => entities[index]?.blueprint);
  await Promise.all(
    [...indices.values()].map(async (own) => {
      const answers = await upsertAll(
        port,
        own.flatMap((index) => entities[index] ?? []),
        createMissing,
      );
      for (const [position, answer] of answers.entries()) results[own[position] ?? 0] = answer;
    }),
  );
  return results;
}

async function upsertChunk(
  port: PortClient,
  entities: readonly Entity[],
  createMissing: boolean,
): Promise<UpsertResult[]> {
  const [first] = entities;
  if (first === undefined) return [];
  try {
    return await port.upsert(first.blueprint, entities, createMissing);
  } catch (error) {
    // What other calls wrote meanwhile still counts.
    if (isOutOfTime(error)) return entities.map(() => ({ ok: false, status: undefined, code: outOfTime }));
    if (!(error instanceof RequestError)) throw error;
    const { status, code = "no_answer", retryAfterMs } = error.failure;
    const splits = entities.length > 1 && (isPermanentStatus(status) || status === 404);
    if (!splits) {
      const failed = {
        ok: false,
        status,
        code,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      } as const;
      return entities.map(() => failed);
    }
    const middle = Math.ceil(entities.length / 2);
    const left = await upsertChunk(port, entities.slice(0, middle), createMissing);
    return [...left, ...(await upsertChunk(port, entities.slice(middle), createMissing))];
  }
}

/** Cuts a list of one blueprint's entities into calls, by number and by size. */
export function chunksOf(entities: readonly Entity[]): Entity[][] {
  const bytesOf = (entity: Entity) => Buffer.byteLength(JSON.stringify(entity)) + 1;
  return inBoundedParts(entities, maxEntitiesPerCall, maxBytesPerCall, bytesOf);
}
