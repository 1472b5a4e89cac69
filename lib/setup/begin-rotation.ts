import { randomInt } from "node:crypto";
import { log } from "../aws/log.ts";
import { ConfigError } from "../errors.ts";
import type { RotationContext } from "./rotation-context.ts";
import { beginToken } from "./rotation-tokens.ts";
import { isUnderWay, readings, readVersions, type Versions } from "./rotation-versions.ts";

/** Between two readings it is waited, in ms. */
const betweenReadingsMs = 1_000;

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
  const isOurs = await secret.put(randomSecret(), beginToken(found));
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

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const secretLength = 48;

/** Letters and digits only, which any shell, form and header takes: 285 bits. */
function randomSecret(): string {
  return Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join("");
}
