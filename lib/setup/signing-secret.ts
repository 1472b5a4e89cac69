import type { VersionedSecret } from "../aws/secret-version.ts";
import { freshEveryMs } from "../aws/secrets.ts";
import { unexpected } from "../bitbucket/answers.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketRequest } from "../bitbucket/rest.ts";
import { isJsonObject, type Json } from "../json.ts";
import { noWebhook, secretIsMissing } from "./target.ts";

/**
 * From this time (ms) after a secret was put, every container of the webhook function knows it, or may read it when it
 * meets it: containers read anew at most every `freshEveryMs`. The rest is for clocks that differ.
 */
export const knownAfterMs = freshEveryMs + 2_000;

/**
 * What a webhook should be signed with now: the current secret, but as long as it is so new that a container might
 * refuse it, the previous one, which every container knows.
 * @param now epoch ms
 * @throws ConfigError when there is no current secret; what the SDK throws
 */
export async function signingSecret(
  secret: Pick<VersionedSecret, "read">,
  now: () => number,
): Promise<string> {
  const current = await secret.read("AWSCURRENT");
  if (current === undefined) throw noWebhook(secretIsMissing);
  if (now() - current.createdAt >= knownAfterMs) return current.value;
  const previous = await secret.read("AWSPREVIOUS");
  return previous?.value ?? current.value;
}

/**
 * The client, but it writes webhooks with the secret that is right at that moment, whatever the caller read before. A
 * caller may have read it minutes ago and be slow; a webhook that was left with a secret that has ended since would
 * lose every event. So the secret is looked up before each write and after it, and what came too late is corrected.
 */
export function withSigningSecret(
  bitbucket: BitbucketClient,
  lookUp: () => Promise<string>,
): BitbucketClient {
  return {
    ...bitbucket,
    async send(request) {
      const configuration = request.body?.["configuration"];
      if (!isJsonObject(configuration) || !("secret" in configuration)) return bitbucket.send(request);
      let next = request;
      for (let secret = await lookUp(); ; ) {
        const body = { ...next.body, configuration: { ...configuration, secret } };
        const answer = await bitbucket.send({ ...next, body });
        // A refusal that the caller accepts wrote nothing.
        if (answer.status >= 400) return answer;
        const now = await lookUp();
        if (now === secret) return answer;
        secret = now;
        next = next.method === "POST" ? updateOf(next, answer.json) : next;
      }
    },
  };
}

/** The same written once more, to what has just been created. @throws RequestError when the answer does not tell its id */
function updateOf(request: BitbucketRequest, created: Json | undefined): BitbucketRequest {
  const id = isJsonObject(created) ? created["id"] : undefined;
  if (typeof id !== "number") throw unexpected(request.operation);
  const operation = request.operation.replace("POST", "PUT");
  return { ...request, method: "PUT", path: `${request.path}/${id}`, operation };
}
