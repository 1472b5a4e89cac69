import * as z from "zod/mini";
import type { HttpAnswer } from "../http/request.ts";

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
      }),
    ),
    [],
  ),
});

/**
 * Results by position, from the answer's `index` fields. An entity that a 207 does not mention counts as not
 * written, without a status: it is tried again.
 */
export function readUpsertAnswer(answer: HttpAnswer, size: number): UpsertResult[] {
  const parsed = bulkAnswer.safeParse(answer.json);
  const silent: UpsertResult =
    answer.status === 207 || !parsed.success
      ? { ok: false, status: undefined, code: "not_mentioned" }
      : { ok: true, created: false };
  const results = Array.from({ length: size }, () => silent);
  if (!parsed.success) return results;
  for (const { index, created } of parsed.data.entities) results[index] = { ok: true, created };
  for (const { index, statusCode, error } of parsed.data.errors) {
    results[index] = { ok: false, status: statusCode, code: error };
  }
  return results.slice(0, size);
}
