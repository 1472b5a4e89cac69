import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";

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
  return new SecretsManagerClient({ maxAttempts: 3 });
}

/**
 * Reads the version under a stage as it is now; undefined when there is none, or when its value is empty.
 * @throws what the SDK throws
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export async function fetchVersion(
  client: SecretsManagerClient,
  secretId: string,
  stage: Stage,
  abortSignal: AbortSignal,
): Promise<SecretVersion | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    const { SecretString, VersionId = "", CreatedDate } = await client.send(command, { abortSignal });
    if (SecretString === undefined || SecretString === "") return undefined;
    // Without a date it counts as new, which only costs a wait.
    return { id: VersionId, value: SecretString, createdAt: CreatedDate?.getTime() ?? Date.now() };
  } catch (error) {
    // A stage without a version, or a secret without a value, is an answer: there is none.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Whether Secrets Manager did not answer, or not now; what it refuses, it means. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof SecretsManagerServiceException)) return true;
  return error.$fault === "server" || error.$retryable !== undefined || error.name.includes("Throttl");
}
