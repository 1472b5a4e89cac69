import * as z from "zod/mini";
import type { HttpAnswer } from "../http/request.ts";
import type { Entity } from "./entity.ts";
import { describeRefusal } from "./refusal.ts";

/** What became of one entity of a bulk upsert. */
export type UpsertResult =
  | { readonly ok: true; readonly created: boolean }
  | {
      readonly ok: false;
      readonly status: number | undefined;
      readonly code: string;
      readonly retryAfterMs?: number;
    };

const bulkAnswer = z.object({
  entities: z.catch(z.array(z.object({ index: z.number(), created: z.catch(z.boolean(), false) })), []),
  errors: z.catch(
    z.array(
      z.object({
        index: z.number(),
        statusCode: z.catch(z.optional(z.number()), undefined),
        error: z.catch(z.string(), "unknown"),
        message: z.optional(z.unknown()),
      }),
    ),
    [],
  ),
});

/**
 * Results by position, from the answer's `index` fields. An entity that a 207 does not mention counts as not
 * written, without a status: it is tried again.
 * @param entities what was sent, so that a refusal can name their fields
 */
export function readUpsertAnswer(
  answer: HttpAnswer,
  size: number,
  entities: readonly Entity[] = [],
): UpsertResult[] {
  const parsed = bulkAnswer.safeParse(answer.json);
  const silent: UpsertResult =
    answer.status === 207 || !parsed.success
      ? { ok: false, status: undefined, code: "not_mentioned" }
      : { ok: true, created: false };
  const results = Array.from({ length: size }, () => silent);
  if (!parsed.success) return results;
  for (const { index, created } of parsed.data.entities) results[index] = { ok: true, created };
  for (const { index, statusCode, error, message } of parsed.data.errors) {
    const code = describeRefusal(error, message, entities.slice(index, index + 1));
    results[index] = { ok: false, status: statusCode, code };
  }
  return results.slice(0, size);
}
