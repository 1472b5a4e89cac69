import type { VersionedSecret } from "../aws/secret-version.ts";
import { freshEveryMs } from "../aws/secrets.ts";

/**
 * From this time (ms) after a secret was put, every container of the webhook function knows it, or may read it when it
 * meets it: containers read anew at most every `freshEveryMs`. The rest is for clocks that differ.
 */
export const knownAfterMs = freshEveryMs + 2_000;

/**
 * What a webhook should be signed with now: the current secret, but as long as it is so new that a container might
 * refuse it, the previous one, which every container knows.
 * @param now epoch ms
 * @throws SecretError when there is no current secret; what the SDK throws
 */
export async function signingSecret(
  secret: Pick<VersionedSecret, "current" | "previous">,
  now: () => number,
): Promise<string> {
  const current = await secret.current();
  if (now() - current.createdAt >= knownAfterMs) return current.value;
  const previous = await secret.previous();
  return previous?.value ?? current.value;
}
