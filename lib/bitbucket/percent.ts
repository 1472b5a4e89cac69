/** The text behind percent signs; as it is where they make no sense. */
export function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
