import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { createSecretStore, type SecretStages, type SecretStore, type Version } from "./secret-store.ts";
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
  /** Looks at a call before it takes effect; `reset` ends its connection, before or after that. */
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
    const fate = await intercept?.(request);
    if (fate === "reset") return request.socket.resetAndDestroy();
    const { status, body } = answer(request.headers["x-amz-target"], await text(request), store, now);
    if (fate === "apply-then-reset") return request.socket.resetAndDestroy();
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

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What calls carry; the SDK makes up a token where the caller gives none. */
interface Input {
  readonly SecretId?: string;
  readonly VersionStage?: string;
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
  readonly VersionStages?: readonly string[];
}

function answer(target: unknown, body: string, store: SecretStore, now: () => number): Answer {
  if (target === "secretsmanager.GetSecretValue") return get(parse(body), store);
  if (target === "secretsmanager.PutSecretValue") return put(parse(body), store, now());
  return fault("UnknownOperationException", `${target}?`);
}

function get({ SecretId = "", VersionStage = "AWSCURRENT" }: Input, store: SecretStore): Answer {
  const found = store.read(SecretId, VersionStage);
  if (found === undefined) {
    const message = `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`;
    return fault("ResourceNotFoundException", message);
  }
  // Dates are epoch seconds in this protocol.
  const { value, createdAt } = found;
  return ok(SecretId, found, store, { SecretString: value, CreatedDate: createdAt / 1000 });
}

function put(input: Input, store: SecretStore, now: number): Answer {
  const { SecretId = "", SecretString, ClientRequestToken = "" } = input;
  if (!store.has(SecretId)) {
    return fault("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
  if (ClientRequestToken.length < 32 || ClientRequestToken.length > 64) {
    return fault("InvalidParameterException", "ClientRequestToken must be 32-64 characters long.");
  }
  if (SecretString === undefined || input.VersionStages !== undefined) {
    return fault("InvalidParameterException", "A text is played here, and no stage but AWSCURRENT.");
  }
  const version = store.add(SecretId, { id: ClientRequestToken, value: SecretString, createdAt: now });
  if (version === undefined) {
    const message = `You can't modify an existing version, you can only create a new one: ${ClientRequestToken}`;
    return fault("ResourceExistsException", message);
  }
  return ok(SecretId, version, store, {});
}

function ok(secretId: string, { id }: Version, store: SecretStore, more: object): Answer {
  const body = {
    ARN: `arn:aws:secretsmanager:local:000000000000:secret:${secretId}`,
    Name: secretId,
    VersionId: id,
    VersionStages: store.stagesOf(secretId, id),
    ...more,
  };
  return { status: 200, body: JSON.stringify(body) };
}

function parse(body: string): Input {
  try {
    return JSON.parse(body) as Input;
  } catch {
    return {};
  }
}

function fault(type: string, message: string): Answer {
  return { status: 400, body: JSON.stringify({ __type: type, message }) };
}
