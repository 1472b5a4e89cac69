import type { SecretStore, Version } from "./secret-store.ts";

/** What a call is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What tells of a version. */
export function ok(secretId: string, { id }: Version, store: SecretStore, more: object): Answer {
  const body = {
    ARN: `arn:aws:secretsmanager:local:000000000000:secret:${secretId}`,
    Name: secretId,
    VersionId: id,
    VersionStages: store.stagesOf(secretId, id),
    ...more,
  };
  return { status: 200, body: JSON.stringify(body) };
}

/** A refusal. */
export function fault(type: string, message: string): Answer {
  return { status: 400, body: JSON.stringify({ __type: type, message }) };
}
