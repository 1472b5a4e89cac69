import type { SecretStore } from "./secret-store.ts";
import { type Answer, fault, ok } from "./secrets-answer.ts";

/** What calls carry; the SDK makes up a token where the caller gives none. */
interface Input {
  readonly SecretId?: string;
  readonly VersionStage?: string;
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
  readonly VersionStages?: readonly string[];
}

/** Answers a call. @param target the header that names the operation */
export function answerCall(
  target: string | string[] | undefined,
  body: string,
  store: SecretStore,
  now: () => number,
): Answer {
  if (target === "secretsmanager.GetSecretValue") return get(parse(body), store);
  if (target === "secretsmanager.PutSecretValue") return put(parse(body), store, now());
  return fault("UnknownOperationException", `${target}?`);
}

function get({ SecretId = "", VersionStage = "AWSCURRENT" }: Input, store: SecretStore): Answer {
  const found = store.read(SecretId, VersionStage);
  if (!store.has(SecretId)) return noSuchSecret();
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
  if (!store.has(SecretId)) return noSuchSecret();
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

function noSuchSecret(): Answer {
  return fault("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

function parse(body: string): Input {
  try {
    return JSON.parse(body) as Input;
  } catch {
    return {};
  }
}
