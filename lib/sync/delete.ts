import { describeError, log } from "../aws/log.ts";
import { RequestError } from "../errors.ts";
import type { PortClient } from "../port/client.ts";
import type { EntityKey } from "../port/entity.ts";
import type { Memory } from "./memory.ts";

const deletesPerCall = 100;

/** Since when (event date, epoch ms) an object is gone, and its creation date (epoch ms), where known. */
export interface GoneSince {
  readonly date: number | undefined;
  readonly createdDate?: number | undefined;
}

/**
 * Deletes entities of one blueprint, never what depends on them.
 * @returns the identifiers that were deleted; entities that others depend on are refused by Port, and stay
 * @throws RequestError when Port is away
 */
export async function deleteEntities(
  blueprint: string,
  identifiers: readonly string[],
  port: PortClient,
): Promise<string[]> {
  const deleted: string[] = [];
  for (let start = 0; start < identifiers.length; start += deletesPerCall) {
    const part = identifiers.slice(start, start + deletesPerCall);
    deleted.push(...(await deleteTogether(blueprint, part, port)));
  }
  return deleted;
}

/** Remembers that an object is gone, so that an event from before does not bring it back. */
export function rememberGone(key: EntityKey, { date, createdDate }: GoneSince, memory: Memory): void {
  memory.forget(key);
  memory.remember(key, { version: { date, order: -1 }, gone: { createdDate } });
}

/** One call where Port takes it; a bulk deletion is refused whole when others depend on any of its entities. */
async function deleteTogether(
  blueprint: string,
  identifiers: readonly string[],
  port: PortClient,
): Promise<readonly string[]> {
  if (identifiers.length > 1) {
    try {
      await port.deleteMany(blueprint, identifiers);
      return identifiers;
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }
  const deleted: string[] = [];
  for (const identifier of identifiers) {
    try {
      await port.delete(blueprint, identifier);
      deleted.push(identifier);
    } catch (error) {
      if (!isRefused(error)) throw error;
      log("warn", "entity left: Port refuses to delete it, other entities may depend on it", {
        blueprint,
        ...describeError(error),
      });
    }
  }
  return deleted;
}

function isRefused(error: unknown): boolean {
  return error instanceof RequestError && [400, 404, 409, 422].includes(error.failure.status ?? 0);
}
