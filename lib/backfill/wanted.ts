/** Whether a project is one of those that are wanted. @param filter keys in either case; empty = all */
export function isWanted(key: string, filter: readonly string[]): boolean {
  return filter.length === 0 || filter.some((wanted) => wanted.toLowerCase() === key.toLowerCase());
}
