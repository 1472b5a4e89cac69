import { unexpected } from "../bitbucket/answers.ts";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { BitbucketRequest } from "../bitbucket/rest.ts";
import { isJsonObject, type Json } from "../json.ts";

/**
 * The client, but it writes webhooks with the secret that is right at that moment, whatever the caller read before. A
 * caller may have read it minutes ago and be slow; a webhook that was left with a secret that has ended since would
 * lose every event. So the secret is looked up before each write and after it, and what came too late is corrected.
 */
export function withSigningSecret(
  bitbucket: BitbucketClient,
  readSecret: () => Promise<string>,
): BitbucketClient {
  return {
    ...bitbucket,
    async send(request) {
      const configuration = request.body?.["configuration"];
      if (!isJsonObject(configuration) || !("secret" in configuration)) return bitbucket.send(request);
      let next = request;
      for (let secret = await readSecret(); ; ) {
        const body = { ...next.body, configuration: { ...configuration, secret } };
        const answer = await bitbucket.send({ ...next, body });
        // A refusal that the caller accepts wrote nothing.
        if (answer.status >= 400) return answer;
        const now = await readSecret();
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
