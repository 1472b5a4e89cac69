import * as z from "zod/mini";

/** A message of the `backfill` queue: read this project (or one repository of it) anew. */
export const backfillMessageSchema = z.object({
  project: z.string(),
  repository: z.optional(z.string()),
});

export type BackfillMessage = z.infer<typeof backfillMessageSchema>;
