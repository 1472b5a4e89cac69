import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether a body was signed with one of the secrets: HMAC-SHA256 over the raw bytes, keyed with the secret's UTF-8
 * bytes, sent as `X-Hub-Signature: sha256=<hex>`. Compared in constant time, against every secret.
 * False when there is no signature or no secret.
 * @see https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html
 */
export function isSigned(
  body: Uint8Array,
  signature: string | undefined,
  secrets: readonly string[],
): boolean {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? "")?.[1];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, "hex");
  let signed = false;
  for (const secret of secrets) {
    if (secret !== "" && timingSafeEqual(hmac(body, secret), given)) signed = true;
  }
  return signed;
}

/** The `X-Hub-Signature` that Bitbucket would send with this body. */
export function sign(body: Uint8Array | string, secret: string): string {
  return `sha256=${hmac(body, secret).toString("hex")}`;
}

function hmac(body: Uint8Array | string, secret: string): Buffer {
  return createHmac("sha256", secret).update(body).digest();
}
