/** Compares versions part by part: 8.10 is newer than 8.9. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split(".").map(Number));
  for (const [index, part] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** The build number of a version: 9.5.2 is 9005002. */
export function buildNumber(version: string): string {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return String(major * 1_000_000 + minor * 1000 + patch);
}

const events: Readonly<Record<string, string>> = {
  "repo:refs_changed": "5.4",
  "repo:modified": "5.4",
  "repo:forked": "5.4",
  "repo:comment:added": "5.4",
  "repo:comment:edited": "5.4",
  "repo:comment:deleted": "5.4",
  "repo:secret_detected": "8.3",
  "mirror:repo_synchronized": "6.5",
  "project:modified": "8.8",
  "pr:opened": "5.4",
  "pr:from_ref_updated": "7.0",
  "pr:modified": "5.10",
  "pr:merged": "5.4",
  "pr:declined": "5.4",
  "pr:deleted": "5.4",
  "pr:reviewer:updated": "5.10",
  "pr:reviewer:approved": "5.4",
  "pr:reviewer:unapproved": "5.4",
  "pr:reviewer:needs_work": "5.4",
  "pr:comment:added": "5.4",
  "pr:comment:edited": "5.4",
  "pr:comment:deleted": "5.4",
};

/** The events that a webhook may ask a Bitbucket of this version for. */
export function knownEvents(version: string): string[] {
  return Object.keys(events).filter((event) => isAtLeast(version, events[event] ?? version));
}
