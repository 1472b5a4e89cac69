import { createHash, randomInt } from "node:crypto";
import { log } from "../aws/log.ts";
import type { VersionedSecret } from "../aws/secret-version.ts";
import type { SecretVersion } from "../aws/secrets-manager.ts";
import { ConfigError } from "../errors.ts";
import type { RotationContext } from "./rotation-context.ts";
import { noWebhook, secretIsMissing } from "./target.ts";

/** The values that the webhook function accepts. */
export interface Versions {
  readonly current: SecretVersion;
  readonly previous: SecretVersion | undefined;
}

/** Readings in which a change has to show; between them it is waited, in ms. */
const readings = 5;
const betweenReadingsMs = 1_000;

/** Whether webhooks may be signed with two secrets: a rotation was begun, or somebody put a new value by hand. */
export function isUnderWay({ current, previous }: Versions): boolean {
  return previous !== undefined && previous.value !== current.value;
}

/** Reads both stages at one moment. @throws ConfigError when there is no current value */
export async function readVersions(secret: VersionedSecret): Promise<Versions> {
  for (let reading = 1; ; reading++) {
    const current = await secret.read("AWSCURRENT");
    if (current === undefined) throw noWebhook(secretIsMissing);
    const previous = await secret.read("AWSPREVIOUS");
    // One version at both stages: a value was put between the two calls. To take this for a secret without another one
    // would mean to put a third, and the webhooks' own would be neither.
    if (previous?.id !== current.id || reading === readings) return { current, previous };
  }
}

/**
 * Puts a new random value, unless a rotation is under way already. The token comes from the version that is replaced:
 * of several that begin at once Secrets Manager lets one put its value, the others go on with that. Puts no more than
 * once: a second new value would leave the webhooks' own neither current nor previous.
 * @returns the versions with the new value
 * @throws ConfigError when nothing can be put; what the SDK throws
 */
export async function beginRotation({ secret, clock, signal }: RotationContext): Promise<Versions> {
  const found = await readVersions(secret);
  if (isUnderWay(found)) {
    log("info", "webhook secret rotation goes on", { version: found.current.id });
    return found;
  }
  const isOurs = await secret.put(randomSecret(), tokenOf("begin", found.current.id));
  log("info", isOurs ? "new webhook secret put" : "new webhook secret put by somebody else");
  for (let reading = 1; reading <= readings; reading++) {
    if (reading > 1) await clock.wait(betweenReadingsMs, signal);
    const now = await readVersions(secret);
    if (now.current.id !== found.current.id) return now;
  }
  throw new ConfigError("The webhook secret cannot be rotated", [
    "Secrets Manager takes no new value in place of the present one, as one was put before and taken back: put any " +
      "new value by hand (aws secretsmanager put-secret-value) and run this again",
  ]);
}

/** The token that ends the rotation between two versions: the same for all who end it. */
export function endToken({ current, previous }: Versions): string {
  return tokenOf("end", current.id, previous?.id ?? "");
}

/** 64 characters, as many as a token may have. */
function tokenOf(...parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const secretLength = 48;

/** Letters and digits only, which any shell, form and header takes: 285 bits. */
function randomSecret(): string {
  return Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join("");
}
