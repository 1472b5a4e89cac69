/** Of a file no more is read, in bytes: Port takes no larger request. */
export const largestFile = 1024 * 1024;

export const tooLarge = "it is larger than 1 MiB";

/** The text of a file, or why it has none that could be read, as half a sentence. */
export type Decoded = { readonly text: string } | { readonly fault: string };

/** A file's bytes as text: UTF-8, without a mark in front. */
export function decodeFile(bytes: Uint8Array): Decoded {
  // Where every text begins with a mark or an ASCII character, its first bytes tell (YAML 1.2.2, 5.2).
  const [first, second] = bytes;
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isWide || (bytes.length > 1 && (first === 0 || second === 0)))
    return { fault: "it is UTF-16 or UTF-32: save it as UTF-8" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { fault: "it is not UTF-8: save it as UTF-8" };
  }
}

/** A text as JSON and databases take it: halves of surrogate pairs and NUL become U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** A text from a file within a sentence: quoted, on one line, and cut where it is long. */
export function quote(text: string): string {
  const characters = [...text.slice(0, 200)];
  const cut = characters.length > 60 ? `${characters.slice(0, 60).join("")}…` : text;
  return `"${wellFormed(cut).replace(/\p{Cc}+/gu, " ")}"`;
}
