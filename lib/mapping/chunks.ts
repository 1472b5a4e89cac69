import { inBoundedParts } from "../parts.ts";

const objectsPerCall = 200;
const charactersPerCall = 1_000_000;

/** Objects' JSON, in parts: jq has 256 MiB for good, and takes up to ten times an input's size. */
export function chunksOf(texts: readonly string[]): string[][] {
  return inBoundedParts(texts, objectsPerCall, charactersPerCall, ({ length }) => length);
}
