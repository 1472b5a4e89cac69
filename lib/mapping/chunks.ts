import type { JsonObject } from "../json.ts";

const objectsPerCall = 200;
const charactersPerCall = 1_000_000;

/** The objects' JSON, in parts: jq has 256 MiB for good, and takes up to ten times an input's size. */
export function chunksOf(objects: readonly JsonObject[]): string[][] {
  const chunks: string[][] = [];
  let length = 0;
  for (const object of objects) {
    const text = JSON.stringify(object);
    const last = chunks.at(-1);
    if (last !== undefined && last.length < objectsPerCall && length + text.length <= charactersPerCall) {
      last.push(text);
      length += text.length;
    } else {
      chunks.push([text]);
      length = text.length;
    }
  }
  return chunks;
}
