import { createHash } from "node:crypto";
import type { Versions } from "./rotation-versions.ts";

// Whoever calls Secrets Manager with the same token puts one version and not two.

/** The token that begins the rotation of a version: the same for all who begin it. */
export function beginToken({ current }: Versions): string {
  return tokenOf("begin", current.id);
}

/** The token that ends the rotation between two versions: the same for all who end it. */
export function endToken({ current, previous }: Versions): string {
  return tokenOf("end", current.id, previous?.id ?? "");
}

/** 64 characters, as many as a token may have. */
function tokenOf(...parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
