import { createHmac, randomUUID } from "node:crypto";
import type { WebhookPayload } from "./json.ts";
import {
  type BitbucketData,
  findProject,
  findRepository,
  type Project,
  type Repository,
  type Webhook,
} from "./model.ts";
import type { Delivery } from "./types.ts";
import { buildNumber } from "./versions.ts";

/** Sends a payload to every active webhook of its repository and its project that asked for the event. */
export function deliver(
  data: BitbucketData,
  version: string,
  payload: WebhookPayload,
  sent: Set<string> = new Set(),
): Promise<Delivery[]> {
  const { project, repository } = subject(data, payload);
  const owners = [project, repository].filter((owner) => owner !== undefined);
  const webhooks = owners
    .flatMap((owner) => [...owner.webhooks.values()])
    .filter(({ active, events }) => active && events.includes(payload.eventKey));
  const body = JSON.stringify(payload);
  return Promise.all(webhooks.map((webhook) => send(webhook, version, payload.eventKey, body, sent)));
}

/** Sends the test that "Test connection" sends: without a signature, whatever the secret. */
export function ping(url: string, version: string): Promise<Delivery> {
  return send({ id: 0, url, configuration: {} }, version, "diagnostics:ping", '{"test": true}');
}

type Target = Pick<Webhook, "id" | "url" | "configuration">;

async function send(
  webhook: Target,
  version: string,
  eventKey: string,
  body: string,
  sent: Set<string> = new Set(),
): Promise<Delivery> {
  const { secret } = webhook.configuration;
  const requestId = randomUUID();
  sent.add(requestId);
  const about = { webhookId: webhook.id, url: webhook.url, requestId };
  const headers = {
    "X-Event-Key": eventKey,
    "X-Request-Id": requestId,
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": `Atlassian HttpClient 3.0.4 / Bitbucket-${version} (${buildNumber(version)}) / Default`,
    ...(secret === undefined ? {} : { "X-Hub-Signature": signature(secret, body) }),
  };
  try {
    const response = await fetch(webhook.url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
    });
    return { ...about, status: response.status, body: await response.text() };
  } catch (error) {
    return { ...about, error: String(error instanceof Error ? (error.cause ?? error) : error) };
  }
}

function signature(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

type Named = {
  readonly id?: number;
  readonly key?: string;
  readonly slug?: string;
  readonly project?: Named;
};

/** What an event is about, found in the model by the names in its payload. */
function subject(
  data: BitbucketData,
  payload: WebhookPayload,
): { project?: Project; repository?: Repository } {
  const {
    pullRequest,
    repository,
    new: now,
  } = payload as {
    pullRequest?: { toRef: { repository: Named } };
    repository?: Named;
    new?: Named;
  };
  const named = pullRequest?.toRef.repository ?? repository ?? now;
  if (named === undefined) return {};
  const project = findProject(data, named.project?.key ?? named.key ?? "");
  if (named.slug === undefined) return project === undefined ? {} : { project };
  const found = findRepository(data, named.project?.key ?? "", named.slug) ?? repositoryById(data, named.id);
  return found === undefined ? {} : { project: found.project, repository: found };
}

function repositoryById(data: BitbucketData, id: number | undefined): Repository | undefined {
  const all = [...data.projects.values()].flatMap(({ repositories }) => [...repositories.values()]);
  return all.find((repository) => repository.id === id);
}
