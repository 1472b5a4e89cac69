import { createHmac, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "../stack.ts";

/** A recorded delivery of `pr:merged`. */
const samplePath = new URL("../sample-event.json", import.meta.url);

const patienceMs = 10_000;
const pollEveryMs = 50;

/** Posts the sample event, and gives the answer's status and text. */
export async function postSample(stack: Pick<Stack, "url" | "secret">): Promise<string> {
  return post(await readFile(samplePath), stack);
}

/** Signs an event, posts it as Bitbucket does, and gives the answer's status and text. */
export async function post(body: Buffer, { url, secret }: Pick<Stack, "url" | "secret">): Promise<string> {
  const { eventKey } = JSON.parse(body.toString()) as { eventKey: string };
  const answer = await fetch(`${url}/webhook`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-event-key": eventKey,
      "x-request-id": randomUUID(),
      "x-hub-signature": `sha256=${createHmac("sha256", secret ?? "")
        .update(body)
        .digest("hex")}`,
    },
  });
  return `${answer.status} ${await answer.text()}`;
}

/** Waits for the entity that the sample event turns into, whatever identifier the mapping gives it. */
export async function sampleEntity(port: NonNullable<Stack["port"]>): Promise<object | undefined> {
  const { pullRequest } = JSON.parse(await readFile(samplePath, "utf8")) as SampleEvent;
  const link = pullRequest.links.self[0]?.href;
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const found = port.entities("bitbucketPullrequest").find(({ properties }) => properties["link"] === link);
    if (found !== undefined) return found;
    await delay(pollEveryMs);
  }
  return undefined;
}

interface SampleEvent {
  readonly pullRequest: { readonly links: { readonly self: readonly { readonly href: string }[] } };
}
