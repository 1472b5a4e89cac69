import {
  GetSecretValueCommand,
  type GetSecretValueResponse,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { proxyAgents } from "../proxy.ts";
import { blamingProxy } from "../proxy-failure.ts";
import type { StackSecret } from "../stack-secret.ts";
import { type Lack, lacking, refused } from "./secret-faults.ts";

/** Which of a secret's versions is meant. */
export type Stage = "AWSCURRENT" | "AWSPREVIOUS";

/** One value that a secret has, or had. */
export interface SecretVersion {
  readonly id: string;
  /** Never empty. */
  readonly value: string;
  /** When it was put, epoch ms. */
  readonly createdAt: number;
}

/** The client, which can be shared. */
export function createSecretsClient(): SecretsManagerClient {
  const client = new SecretsManagerClient({ maxAttempts: 3, requestHandler: proxyAgents(process.env) });
  client.middlewareStack.add(
    (next) => (call) => next(call).catch(blamingProxy("Secrets Manager", call.request)),
    { step: "build" },
  );
  return client;
}

/**
 * Reads the current version as it is now.
 * @throws SecretError when there is no text, or none that we may see; else what the SDK throws
 */
export async function fetchCurrent(
  client: SecretsManagerClient,
  secret: StackSecret,
  signal: AbortSignal,
): Promise<SecretVersion> {
  const version = await fetchVersion(client, secret, "AWSCURRENT", signal);
  if (typeof version === "string") throw lacking(secret, version);
  return version;
}

/** Reads the previous version as it is now; undefined when there is none. @throws as `fetchCurrent` */
export async function fetchPrevious(
  client: SecretsManagerClient,
  secret: StackSecret,
  signal: AbortSignal,
): Promise<SecretVersion | undefined> {
  const version = await fetchVersion(client, secret, "AWSPREVIOUS", signal);
  return typeof version === "string" ? undefined : version;
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
async function fetchVersion(
  client: SecretsManagerClient,
  secret: StackSecret,
  stage: Stage,
  abortSignal: AbortSignal,
): Promise<SecretVersion | Lack> {
  try {
    const command = new GetSecretValueCommand({ SecretId: secret.id, VersionStage: stage });
    return read(await client.send(command, { abortSignal }));
  } catch (error) {
    // A stage without a version is an answer: there is none. In both cases it is the same exception.
    if (error instanceof ResourceNotFoundException) return /value/.test(error.message) ? "unset" : "missing";
    if (error instanceof SecretsManagerServiceException && !mayPass(error)) throw refused(secret, error);
    throw error;
  }
}

function read({ SecretString, SecretBinary, VersionId = "", CreatedDate }: GetSecretValueResponse) {
  if (SecretString === undefined) return SecretBinary === undefined ? "unset" : "binary";
  if (SecretString.trim() === "") return "empty";
  // Without a date it counts as new, which only costs a wait.
  return { id: VersionId, value: SecretString, createdAt: CreatedDate?.getTime() ?? Date.now() };
}

/** Whether Secrets Manager did not answer, or not now; what it refuses, it means. */
function mayPass(error: SecretsManagerServiceException): boolean {
  return error.$fault === "server" || error.$retryable !== undefined || error.name.includes("Throttl");
}
