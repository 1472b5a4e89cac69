/** A list cut into parts of at most so many items, in their order. */
export function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}

/** The same for texts, whose parts are also of at most so many bytes, but for one that is larger by itself. */
export function inTextParts(texts: readonly string[], size: number, mostBytes: number): string[][] {
  const parts: string[][] = [];
  let bytes = 0;
  for (const text of texts) {
    const own = Buffer.byteLength(text);
    const last = parts.at(-1);
    bytes = last === undefined ? own : bytes + own;
    if (last !== undefined && last.length < size && bytes <= mostBytes) last.push(text);
    else {
      parts.push([text]);
      bytes = own;
    }
  }
  return parts;
}
