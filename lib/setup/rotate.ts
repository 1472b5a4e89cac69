import { describeError, log } from "../aws/log.ts";
import { beginRotation } from "./begin-rotation.ts";
import type { RotationContext } from "./rotation-context.ts";
import { endToken } from "./rotation-tokens.ts";
import { isUnderWay, readVersions, type Versions } from "./rotation-versions.ts";
import { knownAfterMs } from "./signing-secret.ts";
import type { SetupSummary } from "./summary.ts";
import { rotationFailed, unfinished } from "./unfinished-rotation.ts";

/** From this time (ms) after it was put the new secret is sent; a little later than others begin to write it. */
const sendAfterMs = knownAfterMs + 3_000;
/** How long (ms) deliveries that are signed with the old secret may be under way: Bitbucket gives up after 10 to 20 s. */
const underWayMs = 30_000;

/**
 * Rotates the webhook secret, so that no event is refused: puts a new value, waits until every container of the webhook
 * function may learn it, sends it to the webhooks, and when all have it, ends the old one. All that it has to know lies
 * in the secret's versions: interrupted anywhere, or run twice at once, the next run goes on.
 * @returns the summary of what was sent; `rotation` says whether the old secret has ended
 * @throws ConfigError with what went wrong, and that the old secret is still good
 */
export async function rotate(context: RotationContext): Promise<SetupSummary> {
  await context.diagnose();
  try {
    return await finish(await beginRotation(context), context);
  } catch (error) {
    log("error", "rotation failed", describeError(error));
    throw rotationFailed(error);
  }
}

/** What `rotate` would do, with nothing written. */
export async function rotateDry({ secret, sendSecret }: RotationContext): Promise<SetupSummary> {
  const rotation = isUnderWay(await readVersions(secret)) ? "would go on" : "would begin";
  return { ...(await sendSecret()), rotation };
}

async function finish(begun: Versions, context: RotationContext): Promise<SetupSummary> {
  const { secret, sendSecret, clock, signal } = context;
  for (let versions = begun; ; ) {
    await clock.wait(Math.max(0, versions.current.createdAt + sendAfterMs - clock.now()), signal);
    const summary = await sendSecret();
    const { created, updated } = summary.webhooks;
    log("info", "webhook secret sent", { version: versions.current.id, created, updated });
    if (!summary.ok) return unfinished(summary);
    // Credentials that see no project any more look like this, too: the webhooks are there, with the old secret.
    if (created + updated === 0)
      return unfinished(summary, "no webhook was found that could take the new secret");
    await clock.wait(underWayMs, signal);
    const now = await readVersions(secret);
    const isMine = now.current.id === versions.current.id;
    // The current value once more: with that the old one is not even the previous one.
    if (isUnderWay(now) && isMine) await secret.put(now.current.value, endToken(now));
    if (!isUnderWay(now) || isMine) {
      log("info", "old webhook secret ended");
      return { ...summary, rotation: "done" };
    }
    // Somebody put yet another value in the meantime.
    versions = now;
  }
}
