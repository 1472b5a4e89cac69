import picomatch from "picomatch/posix.js";

/**
 * Which files of a repository are definitions. Upper and lower case differ, `**` and `*` take dot folders too, and
 * `**` + `/` also takes the root.
 * @param globs as the settings have them, without `/` or `./` in front
 * @returns whether a path, relative to the repository's root, is one of them
 */
export function definitionMatcher(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const isMatch = picomatch([...globs], { dot: true, nonegate: true });
  // No address could be made of any other.
  return (path) => path.isWellFormed() && isMatch(path);
}
