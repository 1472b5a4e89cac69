import * as z from "zod/mini";

/**
 * Globs, separated by commas: those within braces (`{yml,yaml}`) separate nothing. Paths in a repository begin with
 * neither `/` nor `./`, so neither does what matches them.
 */
export const globs = z.pipe(
  z.string().check(
    z.refine((text) => isBalanced(text), "has braces or brackets that are not closed, or within each other"),
    z.refine((text) => !split(text).some((glob) => glob.startsWith("!")), "has a glob that begins with !"),
    z.refine((text) => !text.includes("\\"), "has a \\: folders are separated by /"),
    z.refine(
      (text) => !split(text).some((glob) => /(^|\/)(\.{0,2})(\/|$)/.test(glob)),
      "has a glob with an empty part, . or .. between its slashes",
    ),
  ),
  z.transform(split),
);

function split(text: string): readonly string[] {
  return text
    .split(/,(?![^{]*\})/)
    .map((glob) => glob.trim().replace(/^(\.?\/)+/, ""))
    .filter((glob) => glob !== "");
}

function isBalanced(text: string): boolean {
  const left = text.replace(/\{[^{}]*\}|\[[^[\]]*\]/g, "");
  return !/[{}[\]]/.test(left);
}
