import * as z from "zod/mini";
import { RequestError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Address } from "./address.ts";
import type { BitbucketClient } from "./client.ts";
import { field, textField } from "./objects.ts";
import { objectPath } from "./path.ts";
import { refusedEvents } from "./webhook-events.ts";

/** What a webhook belongs to. */
export type WebhookOwner = Extract<Address, { kind: "project" | "repository" }>;

const webhookSchema = z.object({
  id: z.number(),
  url: z.string(),
  name: z.catch(z.string(), ""),
  events: z.catch(z.array(z.string()), []),
  // Older versions do not show everything: what is not shown cannot be wrong.
  active: z.catch(z.optional(z.boolean()), undefined),
  sslVerificationRequired: z.catch(z.optional(z.boolean()), undefined),
  configuration: z.catch(z.record(z.string(), z.unknown()), {}),
});

/** A webhook as Bitbucket shows it; its secret may be masked or left out. */
export type Webhook = z.infer<typeof webhookSchema>;

/** A webhook as Bitbucket takes it: always whole, secret included. */
export interface WebhookBody {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly active: boolean;
  readonly sslVerificationRequired: boolean;
  readonly configuration: JsonObject;
}

/**
 * Every webhook of a project or repository, page by page.
 * @throws RequestError with status 401 when the permission is missing
 */
export async function listWebhooks(owner: WebhookOwner, bitbucket: BitbucketClient): Promise<Webhook[]> {
  const webhooks: Webhook[] = [];
  for await (const { values } of bitbucket.pages(pathOf(owner), `GET ${owner.kind} webhooks`)) {
    for (const value of values) {
      const parsed = webhookSchema.safeParse(value);
      if (parsed.success) webhooks.push(parsed.data);
    }
  }
  return webhooks;
}

/**
 * Creates a webhook, or replaces the one with this id.
 * @returns the events that Bitbucket does not know; nothing was written then. None when it was.
 * @throws RequestError
 */
export async function writeWebhook(
  owner: WebhookOwner,
  id: number | undefined,
  webhook: WebhookBody,
  bitbucket: BitbucketClient,
): Promise<string[]> {
  const method = id === undefined ? "POST" : "PUT";
  const operation = `${method} ${owner.kind} webhook`;
  const path = id === undefined ? pathOf(owner) : `${pathOf(owner)}/${id}`;
  const body = { ...webhook, events: [...webhook.events] };
  const answer = await bitbucket.send({ method, path, operation, body, accept: [400] });
  if (answer.status !== 400) return [];
  const refused = refusedEvents(answer.json, webhook.events);
  if (refused.length > 0) return refused;
  const code = refusedField(answer.json);
  throw new RequestError(
    { service: "bitbucket", operation, status: 400, code },
    `it does not take the webhook${code === undefined ? "" : `'s ${code}`}`,
  );
}

/** Deletes a webhook; one that is gone already is as good. @throws RequestError */
export async function deleteWebhook(
  owner: WebhookOwner,
  id: number,
  bitbucket: BitbucketClient,
): Promise<void> {
  const path = `${pathOf(owner)}/${id}`;
  await bitbucket.send({ method: "DELETE", path, operation: `DELETE ${owner.kind} webhook`, accept: [404] });
}

function pathOf(owner: WebhookOwner): string {
  return `${objectPath(owner)}/webhooks`;
}

/** The field that a refusal is about, by its name. */
function refusedField(answer: Json | undefined): string | undefined {
  const errors = field(answer, "errors");
  const context = Array.isArray(errors) ? textField(errors[0], "context") : undefined;
  return context !== undefined && /^\w{1,40}$/.test(context) ? context : undefined;
}
