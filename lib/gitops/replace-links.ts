import { isJsonObject, type Json } from "../json.ts";
import { isLink, linkTarget } from "./link-target.ts";
import { isData, type LinkedFile, parseData } from "./linked-file.ts";
import { largestFile, quote } from "./text.ts";

/** A value with files in place of links, or why it has none, as a part of a sentence. */
export type Content = { readonly value: Json } | { readonly fault: string };

/** Replaces every link within a value; the first that cannot be leaves nothing of it. */
export function replaceLinks(value: Json, read: (link: string) => Content): Content {
  if (typeof value === "string") return isLink(value) ? read(value) : { value };
  const isList = Array.isArray(value);
  if (!isList && !isJsonObject(value)) return { value };
  const inner: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const content = replaceLinks(item, read);
    if ("fault" in content) return content;
    inner.push([key, content.value]);
  }
  return { value: isList ? inner.map(([, item]) => item) : Object.fromEntries(inner) };
}

/** Reads links of a file. */
export interface LinkReader {
  /** A link as the text of its file. */
  readonly text: (link: string) => Content;
  /** A link as what its file says if that is JSON or YAML, else as its text. */
  readonly data: (link: string) => Content;
}

/**
 * Reads the links of one entity, as long as their files make no entity that Port would find too large.
 * @param from the path of the file that the links stand in
 * @param contents by path from the repository's root
 */
export function createLinkReader(from: string, contents: ReadonlyMap<string, LinkedFile>): LinkReader {
  let length = 0;
  function read(link: string, parse: boolean): Content {
    const found = linkTarget(link, from);
    if ("refused" in found) return { fault: found.refused };
    const { target } = found;
    const file = contents.get(target) ?? { is: "unreadable", why: "it was not read" };
    if (file.is === "missing") return { fault: `the repository has no file ${quote(target)}` };
    if (file.is === "unreadable") return { fault: `of the file ${quote(target)}, ${file.why}` };
    if (length + file.text.length > largestFile)
      return { fault: `with ${quote(target)}, its files have more than 1 MiB` };
    length += file.text.length;
    if (!parse || !isData(target)) return { value: file.text };
    const parsed = parseData(file.text);
    return "fault" in parsed ? { fault: `of the file ${quote(target)}, ${parsed.fault}` } : parsed;
  }
  return { text: (link) => read(link, false), data: (link) => read(link, true) };
}
