import type { Problems } from "./context.ts";

/** Objects that are named for one reason; what is wrong with many is told once. */
const named = 3;

/** What `alike` understands: one object with its reason, or how many more have it. */
const single = /^(user|(?:project|repository|pull-request):\S+): (.*)$/s;
const further = /^and (\d+) more: (.*)$/s;

/** Sentences about the objects that have failed for each reason. */
export function sentences(failed: ReadonlyMap<string, readonly string[]>): Problems {
  return [...failed].flatMap(([reason, objects]) => {
    const some = objects.slice(0, named).map((object) => `${object}: ${reason}`);
    return objects.length <= named ? some : [...some, `and ${objects.length - named} more: ${reason}`];
  });
}

/**
 * A run's problems with those of one reason together: `20 objects, e.g. a, b and c: 422 …`. What else there is stays as
 * and where it is.
 */
export function alike(problems: readonly string[]): Problems {
  const objects = new Map<string, string[]>();
  const counts = new Map<string, number>();
  for (const problem of problems) {
    const { object, reason, count } = read(problem);
    if (reason === undefined) continue;
    counts.set(reason, (counts.get(reason) ?? 0) + count);
    if (object !== undefined) objects.set(reason, [...(objects.get(reason) ?? []), object]);
  }
  const told = new Set<string>();
  return problems.flatMap((problem) => {
    const { reason } = read(problem);
    const count = reason === undefined ? 0 : (counts.get(reason) ?? 0);
    if (reason === undefined || count <= named) return [problem];
    if (told.has(reason)) return [];
    told.add(reason);
    const examples = [...new Set(objects.get(reason))].slice(0, named);
    return [`${count} objects, e.g. ${examples.join(", ")}: ${reason}`];
  });
}

function read(problem: string): {
  readonly object?: string;
  readonly reason?: string;
  readonly count: number;
} {
  const [, object, reason] = single.exec(problem) ?? [];
  if (object !== undefined && reason !== undefined) return { object, reason, count: 1 };
  const [, more, same] = further.exec(problem) ?? [];
  return same === undefined ? { count: 0 } : { reason: same, count: Number(more) };
}
