import * as z from "zod/mini";
import { addressSchema } from "./address-schema.ts";

// Apart from what builds the messages, so that the webhook does not load a schema that only the consumer needs.

const header = {
  /** Bitbucket's `X-Request-Id`, or the body's SHA-256. */
  deliveryId: z.string(),
  /** When we accepted it, epoch ms. */
  acceptedAt: z.number(),
};

/** A message of `live.fifo`: the payload as it came, or a reference where the payload is too large for SQS. */
export const liveMessageSchema = z.union([
  z.object({
    ...header,
    reference: z.object({
      key: z.string(),
      date: z.optional(z.number()),
      change: z.object({
        type: z.enum(["update", "delete", "modify", "see"]),
        address: addressSchema,
        old: z.optional(addressSchema),
        link: z.optional(z.string()),
        createdDate: z.optional(z.number()),
        hashes: z.optional(z.array(z.string())),
        branches: z.optional(z.array(z.object({ id: z.string(), from: z.string(), to: z.string() }))),
      }),
    }),
  }),
  z.object({ ...header, payload: z.looseObject({ eventKey: z.string() }) }),
]);

export type LiveMessage = z.infer<typeof liveMessageSchema>;
