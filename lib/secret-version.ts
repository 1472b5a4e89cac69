import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Stage } from "./secrets.ts";

/** One value that a secret has, or had. */
export interface SecretVersion {
  readonly id: string;
  /** Never empty. */
  readonly value: string;
  /** When it was put, epoch ms. */
  readonly createdAt: number;
}

/** A secret of AWS Secrets Manager with its versions, always as they are now. All calls throw what the SDK throws. */
export interface VersionedSecret {
  /** The version under a stage; undefined when there is none, or when its value is empty. */
  read(stage: Stage): Promise<SecretVersion | undefined>;
  /**
   * Makes a value the current one; the one that was becomes the previous one. The same value with the same token a
   * second time does nothing.
   * @param token 32 to 64 characters, becomes the version's id
   * @returns false when another value was put with this token: nothing was changed
   */
  put(value: string, token: string): Promise<boolean>;
}

/** The client, which can be shared. Apart from lib/secrets.ts, as the webhook function has no use for putting. */
export function createSecretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({ maxAttempts: 3 });
}

/**
 * @param signal ends every call
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function createVersionedSecret(
  secretId: string,
  client: SecretsManagerClient,
  signal: AbortSignal,
): VersionedSecret {
  const options = { abortSignal: signal };
  return {
    async read(stage) {
      try {
        const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
        const { SecretString, VersionId = "", CreatedDate } = await client.send(command, options);
        if (SecretString === undefined || SecretString === "") return undefined;
        // Without a date it counts as new, which only costs a wait.
        return { id: VersionId, value: SecretString, createdAt: CreatedDate?.getTime() ?? Date.now() };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },

    async put(value, token) {
      const input = { SecretId: secretId, SecretString: value, ClientRequestToken: token };
      try {
        await client.send(new PutSecretValueCommand(input), options);
        return true;
      } catch (error) {
        if (error instanceof ResourceExistsException) return false;
        throw error;
      }
    },
  };
}
