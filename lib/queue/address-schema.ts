import * as z from "zod/mini";

/** An object's address, as messages carry it. */
export const addressSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("project"), key: z.string() }),
  z.object({ kind: z.literal("repository"), key: z.string(), slug: z.string() }),
  z.object({ kind: z.literal("pull-request"), key: z.string(), slug: z.string(), id: z.number() }),
]);
