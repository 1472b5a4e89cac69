import type { Answer } from "../http.ts";
import { type Context, ok } from "./context.ts";
import type { Json } from "./json-style.ts";
import type { Webhook } from "./model.ts";
import { page } from "./paging.ts";
import { badRequest, noSuchAddress, refused } from "./refusals.ts";
import { isAtLeast, knownEvents } from "./versions.ts";
import { projectOf, repositoryOf } from "./whereabouts.ts";

/** Whose webhooks a call is about. */
type Owner = { readonly webhooks: Map<number, Webhook>; readonly scopeType: "project" | "repository" };
type Body = Record<string, unknown>;

export const projectWebhooks = routesOf(projectOwner, 1);
export const repositoryWebhooks = routesOf(repositoryOwner, 2);

function projectOwner(context: Context, key = ""): Owner {
  if (!isAtLeast(context.settings.version, "8.8")) throw noSuchAddress(context.request.call.path);
  return { webhooks: projectOf(context, key).webhooks, scopeType: "project" };
}

function repositoryOwner(context: Context, key = "", slug = ""): Owner {
  return { webhooks: repositoryOf(context, key, slug).webhooks, scopeType: "repository" };
}

/** The five routes of one kind of owner, whose address takes so many path parameters. */
function routesOf(ownerOf: (context: Context, ...path: string[]) => Owner, parameters: number) {
  function one(context: Context, path: string[]): { owner: Owner; webhook: Webhook } {
    const owner = ownerOf(context, ...path);
    const webhook = owner.webhooks.get(Number(path[parameters]));
    if (webhook === undefined)
      throw refused(404, `Webhook ${path[parameters]} does not exist.`, "webhook.NoSuchWebhookException");
    return { owner, webhook };
  }
  return {
    list(context: Context, ...path: string[]): Answer {
      const owner = ownerOf(context, ...path);
      const event = context.request.search.get("event");
      const webhooks = [...owner.webhooks.values()].filter(
        ({ events }) => event === null || events.includes(event),
      );
      return page(context, webhooks, (webhook) => webhookJson(context, owner, webhook));
    },
    get(context: Context, ...path: string[]): Answer {
      const { owner, webhook } = one(context, path);
      return ok(webhookJson(context, owner, webhook));
    },
    create(context: Context, ...path: string[]): Answer {
      const owner = ownerOf(context, ...path);
      const values = checked(context);
      const now = context.settings.now();
      const webhook: Webhook = { id: ++context.data.lastId, ...values, createdDate: now, updatedDate: now };
      owner.webhooks.set(webhook.id, webhook);
      return ok(webhookJson(context, owner, webhook), 201);
    },
    replace(context: Context, ...path: string[]): Answer {
      const { owner, webhook } = one(context, path);
      Object.assign(webhook, checked(context), { updatedDate: context.settings.now() });
      return ok(webhookJson(context, owner, webhook));
    },
    remove(context: Context, ...path: string[]): Answer {
      const { owner, webhook } = one(context, path);
      owner.webhooks.delete(webhook.id);
      return { status: 204 };
    },
  };
}

function checked(context: Context): Omit<Webhook, "id" | "createdDate" | "updatedDate"> {
  const body = context.request.call.body;
  if (typeof body !== "object" || body === null)
    throw badRequest("The webhook parameters were not supplied.");
  const {
    name,
    url,
    events,
    active = true,
    sslVerificationRequired = true,
    configuration = {},
  } = body as Body;
  if (typeof name !== "string" || name.trim() === "") throw badRequest("A name is required", "name");
  if (typeof url !== "string" || !/^https?:\/\/./.test(url) || !URL.canParse(url)) {
    throw badRequest("A valid URL is required", "url");
  }
  if (typeof active !== "boolean") throw badRequest("active must be a boolean", "active");
  if (typeof sslVerificationRequired !== "boolean")
    throw badRequest("it must be a boolean", "sslVerificationRequired");
  return {
    name,
    url,
    events: checkedEvents(context, events),
    active,
    sslVerificationRequired,
    configuration: checkedConfiguration(configuration),
  };
}

function checkedEvents({ settings }: Context, events: unknown): string[] {
  if (!Array.isArray(events) || events.length === 0)
    throw badRequest("At least one event is required", "events");
  const known = knownEvents(settings.version);
  for (const event of events) {
    if (!known.includes(event)) throw badRequest(`the event ${event} is unknown`, "events");
  }
  return [...new Set<string>(events)];
}

function checkedConfiguration(configuration: unknown): Webhook["configuration"] {
  if (typeof configuration !== "object" || configuration === null || Array.isArray(configuration)) {
    throw badRequest("configuration must be an object", "configuration");
  }
  const { secret } = configuration as Body;
  if (secret === "") throw refused(500, "Empty key", "internal.webhook.SecretException");
  if (secret !== undefined && typeof secret !== "string")
    throw badRequest("secret must be a string", "configuration");
  return { ...configuration };
}

function webhookJson({ settings }: Context, { scopeType }: Owner, webhook: Webhook): Json {
  const { configuration, ...rest } = webhook;
  const masked = settings.maskSecrets && configuration.secret !== undefined;
  return {
    ...rest,
    configuration: masked ? { ...configuration, secret: "********" } : configuration,
    scopeType,
  };
}
