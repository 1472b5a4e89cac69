import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { createSecretStore, type SecretStages } from "./secret-store.ts";
import { answerCall } from "./secrets-api.ts";
import { closeServer, listen, loopback, portOf } from "./server.ts";

export type { SecretStages };

/** Secrets Manager as far as the functions use it: GetSecretValue and PutSecretValue. */
export interface Secrets {
  readonly endpoint: string;
  /** Replaces a secret's values. @param createdAt of the new versions, epoch ms; default: now */
  put(secretId: string, stages: SecretStages, createdAt?: number): void;
  /** What a secret's stages hold. */
  values(secretId: string): SecretStages;
  close(): Promise<void>;
}

interface SecretsOptions {
  /** Epoch ms, for what is put from now on. */
  readonly now?: () => number;
  /** Sees a call before it takes effect; `reset` ends its connection, before or after that. */
  readonly intercept?: (call: IncomingMessage) => Promise<"reset" | "apply-then-reset" | undefined>;
}

const dayMs = 86_400_000;

/**
 * Starts a Secrets Manager on a free port. A secret or stage without a value is not found.
 * @param initial values that have been there since yesterday, so that everybody knows them
 */
export async function startSecrets(
  initial: Readonly<Record<string, SecretStages>>,
  { now = Date.now, intercept }: SecretsOptions = {},
): Promise<Secrets> {
  const store = createSecretStore();
  for (const [id, stages] of Object.entries(initial)) store.replace(id, stages, now() - dayMs);

  const server = await listen(async (request, response) => {
    const interruption = await intercept?.(request);
    if (interruption === "reset") return request.socket.resetAndDestroy();
    const { status, body } = answerCall(request.headers["x-amz-target"], await text(request), store, now);
    if (interruption === "apply-then-reset") return request.socket.resetAndDestroy();
    return response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body);
  });
  return {
    endpoint: `http://${loopback}:${portOf(server)}`,
    put: (secretId, stages, createdAt = now()) => store.replace(secretId, stages, createdAt),
    values: (secretId) => ({
      AWSCURRENT: store.read(secretId, "AWSCURRENT")?.value,
      AWSPREVIOUS: store.read(secretId, "AWSPREVIOUS")?.value,
    }),
    close: () => closeServer(server),
  };
}
