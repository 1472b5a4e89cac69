import {
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { StackSecret } from "../stack-secret.ts";
import { fetchCurrent, fetchPrevious, type SecretVersion } from "./secrets-manager.ts";

/**
 * A secret of AWS Secrets Manager with its versions, always as they are now. All calls throw SecretError, or what the SDK
 * throws.
 */
export interface VersionedSecret {
  /** @throws SecretError when there is none, too */
  current(): Promise<SecretVersion>;
  /** The one before; undefined when there is none. */
  previous(): Promise<SecretVersion | undefined>;
  /**
   * Makes a value the current one; the one that was becomes the previous one. The same value with the same token a
   * second time does nothing.
   * @param token 32 to 64 characters, becomes the version's id
   * @returns false when another value was put with this token: nothing was changed
   */
  put(value: string, token: string): Promise<boolean>;
}

/**
 * @param signal ends every call
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function createVersionedSecret(
  secret: StackSecret,
  client: SecretsManagerClient,
  signal: AbortSignal,
): VersionedSecret {
  return {
    current: () => fetchCurrent(client, secret, signal),
    previous: () => fetchPrevious(client, secret, signal),

    async put(value, token) {
      const input = { SecretId: secret.id, SecretString: value, ClientRequestToken: token };
      try {
        await client.send(new PutSecretValueCommand(input), { abortSignal: signal });
        return true;
      } catch (error) {
        if (error instanceof ResourceExistsException) return false;
        throw error;
      }
    },
  };
}
