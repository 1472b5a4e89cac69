import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { pullRequestStates } from "../config/config.ts";
import { addressSchema } from "./address-schema.ts";
import type { OutgoingMessage } from "./live-message.ts";
import { sqsId } from "./sqs-id.ts";

const gone = z.object({
  kind: z.enum(["project", "repository", "pull-request"]),
  blueprint: z.string(),
  identifier: z.string(),
  address: addressSchema,
  base: z.string(),
  createdDate: z.optional(z.number()),
  /** Its object has another entity by now. */
  superseded: z.optional(z.boolean()),
});

/**
 * A message of the `backfill` queue: read a project (or one repository of it), or the users, anew; or delete what the
 * files of a repository (Bitbucket's number) do not define any more.
 */
export const backfillMessageSchema = z.union([
  z.object({ runId: z.optional(z.string()), definitions: z.string() }),
  z.object({
    runId: z.optional(z.string()),
    users: z.literal(true),
    /** Waits for the other messages: after them nobody is named any more by what he was called before. */
    last: z.optional(z.boolean()),
    allowMassDelete: z.optional(z.boolean()),
    deleteSuperseded: z.optional(z.boolean()),
  }),
  z.object({
    /** Ties together what one resync set going. */
    runId: z.optional(z.string()),
    project: z.string(),
    repository: z.optional(z.string()),
    /** The pull requests that are listed; default: the stack's. */
    state: z.optional(z.enum(pullRequestStates)),
    allowMassDelete: z.optional(z.boolean()),
    deleteSuperseded: z.optional(z.boolean()),
    /** No listing shows the project: it is somebody's own, and gets no webhook. */
    unlisted: z.optional(z.boolean()),
    /** When the first message of this work was sent, epoch ms; absent in that one. */
    startedAt: z.optional(z.number()),
    /** Works on one repository at a time, as more did not fit into an invocation. */
    careful: z.optional(z.boolean()),
    /** How far earlier messages came. */
    work: z.optional(
      z.object({
        cursor: z.object({ start: z.number(), after: z.optional(z.string()) }),
        gone: z.array(gone),
        dropped: z.optional(z.number()),
      }),
    ),
  }),
]);

export type BackfillMessage = z.infer<typeof backfillMessageSchema>;

/**
 * The SQS message. Its group is what is worked on: nobody begins with a project, its later parts included, while somebody
 * else is at it. The users' deletions have a group of their own, as they wait for all the others.
 */
export function outgoingBackfill(message: BackfillMessage): OutgoingMessage {
  return {
    body: JSON.stringify(message),
    groupId: sqsId(scopeOf(message)),
    // Tells attempts of one call apart from messages that are asked for twice.
    deduplicationId: randomUUID(),
  };
}

/** What a message works on, e.g. `project:mopp`: Bitbucket does not tell `MOPP` from `mopp`. */
export function scopeOf(message: BackfillMessage): string {
  if ("definitions" in message) return `definitions:${message.definitions}`;
  if ("users" in message) return message.last ? "users:last" : "users";
  const key = message.project.toLowerCase();
  return message.repository === undefined
    ? `project:${key}`
    : `repository:${key}/${message.repository.toLowerCase()}`;
}
