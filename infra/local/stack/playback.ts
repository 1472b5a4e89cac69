import { type Address, addressName } from "../../../lib/bitbucket/address.ts";
import { parseEvent } from "../../../lib/bitbucket/events.ts";
import { field, projectAddress, repositoryAddress } from "../../../lib/bitbucket/objects.ts";
import { restAddress } from "../../../lib/bitbucket/path.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../../lib/json.ts";
import { findProject, findRepository } from "../simulators/bitbucket/model.ts";
import type { BitbucketSimulator, Intercept } from "../simulators/bitbucket/server.ts";

/**
 * Events of somebody's own, played back on a machine where Bitbucket is simulated, are about objects that the simulated one
 * does not have. The product asks Bitbucket before it believes them, so it has to have them: what an event shows is what
 * is there from then on.
 */
export interface Playback {
  /** Hears of the messages before a function gets them; others than SQS events say nothing. */
  hear(event: unknown): void;
  /** Answers for what was played back. */
  readonly intercept: Intercept;
}

const exceptions = {
  project: "project.NoSuchProjectException",
  repository: "repository.NoSuchRepositoryException",
  "pull-request": "pull.NoSuchPullRequestException",
} as const;

export function createPlayback({ data, sent }: Pick<BitbucketSimulator, "data" | "sent">): Playback {
  const shown = new Map<string, JsonObject | "gone">();
  let date = Date.now();

  function mention(repository: Json | undefined): void {
    const address = repositoryAddress(repository);
    if (address === undefined || !isJsonObject(repository)) return;
    const { key, slug } = address;
    const project = repository["project"];
    const owner = projectAddress(project);
    if (findRepository(data, key, slug) === undefined) shown.set(addressName(address), repository);
    if (owner !== undefined && isJsonObject(project) && findProject(data, key) === undefined)
      shown.set(addressName(owner), project);
  }

  function play(payload: Json): void {
    const parsed = parseEvent(payload);
    if (!("event" in parsed)) return;
    const { change } = parsed.event;
    date = parsed.event.date ?? Date.now();
    const pullRequest = field(payload, "pullRequest");
    mention(field(field(pullRequest, "toRef"), "repository") ?? field(payload, "repository"));
    if (change.type === "delete") shown.set(addressName(change.address), "gone");
    if (change.type === "update" && isJsonObject(pullRequest))
      shown.set(addressName(change.address), pullRequest);
    if (change.type === "modify" && change.object !== undefined) {
      shown.set(addressName(change.old), "gone");
      shown.set(addressName(change.address), change.object);
    }
  }

  return {
    hear(event) {
      const records = isJsonObject(event) ? event["Records"] : undefined;
      for (const record of Array.isArray(records) ? records : []) {
        const message = parseJson(String(field(record, "body")));
        const payload = field(message, "payload");
        if (payload !== undefined && !sent.has(String(field(message, "deliveryId")))) play(payload);
      }
    },
    intercept({ method, path }) {
      const address = method === "GET" ? restAddress(`http://simulated${path}`) : undefined;
      const known = address && isWhole(address, path) ? shown.get(addressName(address)) : undefined;
      if (address === undefined || known === undefined) return undefined;
      // It is the day of the event: what comes later is news.
      const headers = { Date: new Date(date).toUTCString() };
      if (known !== "gone") return { status: 200, headers, body: known };
      const exceptionName = `com.atlassian.bitbucket.${exceptions[address.kind]}`;
      return { status: 404, body: { errors: [{ context: null, message: "It is gone", exceptionName }] } };
    },
  };
}

/** The path is the object's own, not that of something beneath it. */
function isWhole(address: Address, path: string): boolean {
  const parts = path.split("/projects/")[1]?.split("/").length;
  return parts === { project: 1, repository: 3, "pull-request": 5 }[address.kind];
}
