/** A list cut into parts of at most so many items, in their order. */
export function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}

/** Parts of at most so many items, which together are no larger than so much, but for one that is larger by itself. */
export function inBoundedParts<Item>(
  items: readonly Item[],
  mostItems: number,
  mostSize: number,
  sizeOf: (item: Item) => number,
): Item[][] {
  const parts: Item[][] = [];
  let size = 0;
  for (const item of items) {
    const own = sizeOf(item);
    const last = parts.at(-1);
    if (last !== undefined && last.length < mostItems && size + own <= mostSize) {
      last.push(item);
      size += own;
    } else {
      parts.push([item]);
      size = own;
    }
  }
  return parts;
}

/** The same for texts, by their bytes. */
export function inTextParts(texts: readonly string[], mostTexts: number, mostBytes: number): string[][] {
  return inBoundedParts(texts, mostTexts, mostBytes, (text) => Buffer.byteLength(text));
}
