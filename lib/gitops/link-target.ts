import { quote } from "./text.ts";

/** Bitbucket and its file systems have no longer paths. */
const longest = 1000;

/** Where a link leads: a path from the repository's root, or why it leads nowhere, as a part of a sentence. */
export type Target = { readonly target: string } | { readonly refused: string };

const scheme = /^file:\/\//i;

export function isLink(text: string): boolean {
  return scheme.test(text);
}

/**
 * `file://docs/a.md` begins at the repository's root, `file://./a.md` and `file://../a.md` at the folder of the file
 * that says so. Links are URLs: `%20` is a space, and a `#`, `?` or `%41` that belongs to a name is written `%23`,
 * `%3F` and `%2541`. A `%` without two digits behind is one, and a space may stand as it is.
 * @param from the path of the file that the link stands in
 */
export function linkTarget(link: string, from: string): Target {
  const written = link.replace(scheme, "");
  const refuse = (why: string) => ({ refused: `${quote(link)} ${why}` });
  if (written.length > longest) return refuse(`has more than ${longest} characters`);
  if (/[?#]/.test(written)) return refuse("has a query or a fragment (in a name, ? is %3F and # is %23)");
  if (written.startsWith("/")) return refuse("begins with /: write it from the root of the repository");
  const relative = /^\.{1,2}(\/|$)/.test(written);
  const path = relative ? from.split("/").slice(0, -1) : [];
  for (const part of written.split("/")) {
    const name = decode(part);
    if (name === undefined || /[\\/\p{Cc}\ufffd]|%(2e|2f|5c|25)/iu.test(name))
      return refuse("has characters that no path has");
    if (/^\.{1,2}$/.test(name) && name !== part) return refuse("has encoded dots");
    if (part === "") return refuse("names no file");
    if (part === "..") {
      if (path.pop() === undefined) return refuse("leads out of the repository");
    } else if (part !== ".") path.push(name);
  }
  return /(^|\/)\.{0,2}$/.test(written) ? refuse("names no file") : { target: path.join("/") };
}

/** Undefined where percent signs stand for bytes that are no text. */
function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part.replace(/%(?![\da-f]{2})/gi, "%25"));
  } catch {
    return undefined;
  }
}
