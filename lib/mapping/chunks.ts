const objectsPerCall = 200;
const charactersPerCall = 1_000_000;

/** Objects' JSON, in parts: jq has 256 MiB for good, and takes up to ten times an input's size. */
export function chunksOf(texts: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let length = 0;
  for (const text of texts) {
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
