import type { VersionedSecret } from "../aws/secret-version.ts";
import type { SecretVersion } from "../aws/secrets-manager.ts";

/** The values that the webhook function accepts. */
export interface Versions {
  readonly current: SecretVersion;
  readonly previous: SecretVersion | undefined;
}

/** Readings in which a change has to show. */
export const readings = 5;

/** Whether webhooks may be signed with two secrets: a rotation was begun, or somebody put a new value by hand. */
export function isUnderWay({ current, previous }: Versions): boolean {
  return previous !== undefined && previous.value !== current.value;
}

/** Reads both stages at one moment. @throws SecretError when there is no current value */
export async function readVersions(secret: VersionedSecret): Promise<Versions> {
  for (let reading = 1; ; reading++) {
    const current = await secret.current();
    const previous = await secret.previous();
    // One version at both stages: a value was put between the two calls. To take this for a secret without another one
    // would mean to put a third, and the webhooks' own would be neither.
    if (previous?.id !== current.id || reading === readings) return { current, previous };
  }
}
