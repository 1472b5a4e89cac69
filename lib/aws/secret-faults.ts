import type { SecretsManagerServiceException } from "@aws-sdk/client-secrets-manager";
import { SecretError } from "../errors.ts";
import { type StackSecret, whatToPut } from "../stack-secret.ts";

/** What a secret may be instead of a text. */
export type Lack = "missing" | "unset" | "empty" | "binary";

const words: Readonly<Record<Lack, (id: string) => string>> = {
  missing: (id) => `there is no secret ${id}`,
  unset: (id) => `the secret ${id} has no value yet`,
  empty: (id) => `the secret ${id} is empty`,
  binary: (id) => `the secret ${id} holds binary data in place of text`,
};

/** The error for a secret without a text. */
export function lacking(secret: StackSecret, lack: Lack): SecretError {
  const fault = `${words[lack](secret.id)}: ${whatToPut(secret)}`;
  return new SecretError(`The ${secret.holds} secret cannot be used`, [fault], true);
}

const advice: Readonly<Record<string, string>> = {
  AccessDeniedException: "may the function's role call secretsmanager:GetSecretValue on it?",
  DecryptionFailure: "may the function's role call kms:Decrypt with the secret's key?",
  InvalidRequestException: "is it scheduled for deletion? (aws secretsmanager restore-secret)",
};

/** The error for a secret that Secrets Manager does not give us. */
export function refused({ holds, id }: StackSecret, { name }: SecretsManagerServiceException): SecretError {
  const what = advice[name] ?? "does it exist in this account and region?";
  return new SecretError(`The ${holds} secret cannot be read`, [`${id}: ${name}: ${what}`], false);
}
