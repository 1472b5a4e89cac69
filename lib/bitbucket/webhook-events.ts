import { isJsonObject, type Json } from "../json.ts";
import { field, textField } from "./objects.ts";
import { isAtLeast } from "./version.ts";

/** Where a webhook belongs: from 8.8 on one at the project hears of all of its repositories. */
export type WebhookLevel = "project" | "repository";

/** The first version with webhooks at projects. */
export const firstWithProjectLevel = "8.8";

/**
 * Events that change something in the catalog. Of comments only new ones do: who comments becomes a participant. Of
 * the rest that Bitbucket knows, what matters for the catalog comes with one of these.
 */
const repositoryEvents = [
  "pr:opened",
  "pr:from_ref_updated",
  "pr:modified",
  "pr:reviewer:updated",
  "pr:reviewer:approved",
  "pr:reviewer:unapproved",
  "pr:reviewer:needs_work",
  "pr:comment:added",
  "pr:merged",
  "pr:declined",
  "pr:deleted",
  "repo:refs_changed",
  "repo:modified",
  "repo:forked",
] as const;

/** Events that came later than webhooks themselves (5.4). */
const since: Readonly<Record<string, string>> = {
  "pr:modified": "5.10",
  "pr:reviewer:updated": "5.10",
  "pr:from_ref_updated": "7.0",
};

/** The events that a webhook of ours asks for. */
export function wantedEvents(level: WebhookLevel): string[] {
  return level === "project" ? [...repositoryEvents, "project:modified"] : [...repositoryEvents];
}

/** Those of the events that a Bitbucket of this version is known not to have. */
export function eventsUnknownTo(version: string, events: readonly string[]): string[] {
  return events.filter((event) => !isAtLeast(version, since[event] ?? "0"));
}

/**
 * The events that a refusal (400) says Bitbucket does not know. One such key fails the whole webhook.
 * @param sent the events that were asked for
 */
export function refusedEvents(answer: Json | undefined, sent: readonly string[]): string[] {
  const errors = field(answer, "errors");
  const texts = (Array.isArray(errors) ? errors : []).filter(isJsonObject).map((error) => {
    return textField(error, "message") ?? "";
  });
  const unknown = texts.flatMap((text) => [...text.matchAll(/([\w:]+)["'`]? is (?:unknown|not)/g)]);
  const told = sent.filter((event) => unknown.some((match) => match[1] === event));
  if (told.length > 0) return told;
  // In other words, or another language: the keys stay the same. All of them would be a list of what there is.
  const named = sent.filter((event) => texts.some((text) => text.split(/[^\w:]+/).includes(event)));
  return named.length < sent.length ? named : [];
}
