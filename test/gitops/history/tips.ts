import type { BitbucketData, Entry, Repository } from "../../../infra/local/simulators/bitbucket/server.ts";

/** One entity, as the files of a history tell it. */
export interface Told {
  readonly identifier: string;
  readonly blueprint?: string;
  readonly title?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, string | readonly string[]>>;
}

/** What a repository says at the tip of its default branch, read without any of the code under test. */
export interface Tip {
  readonly commit: string | undefined;
  /** By `blueprint:identifier`. */
  readonly defined: ReadonlyMap<string, Told>;
  /** Everything that looks like an entity's identifier, also where the file is broken. */
  readonly named: ReadonlySet<string>;
  /** Something in it cannot be understood, or there is no tip: what it defined before may stay. */
  readonly isDoubtful: boolean;
}

export const paths = ["port.yml", "a/port.yml", "b/c/port.yml"] as const;

export function tipOf({ git, defaultBranch }: Repository): Tip {
  const commit = git.branches.get(defaultBranch);
  const tree = git.commits.get(commit ?? "")?.tree ?? new Map<string, Entry>();
  const texts = paths.flatMap((path) => (tree.has(path) ? [String(tree.get(path))] : []));
  const entries = texts.map(entriesOf);
  const all = entries.flatMap((own) => own ?? []);
  const good = all.filter(({ blueprint }) => blueprint !== undefined);
  const times = Map.groupBy(good, nameOf);
  const defined = [...times].flatMap(([name, [told, ...more]]) =>
    told === undefined || more.length > 0 ? [] : [[name, told] as const],
  );
  return {
    commit,
    defined: new Map(defined),
    named: new Set(
      texts.flatMap((text) => [...text.matchAll(/"identifier": "([^"]+)"/g)].map(([, id = ""]) => id)),
    ),
    isDoubtful: commit === undefined || entries.includes(undefined) || defined.length < all.length,
  };
}

/** Undefined for what is no list of entities. */
export function entriesOf(text: string): Told[] | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

export function textOf(entries: readonly Told[]): string {
  return JSON.stringify(entries, null, 1);
}

export function nameOf({ blueprint, identifier }: Pick<Told, "blueprint" | "identifier">): string {
  return `${blueprint}:${identifier}`;
}

export function repositoriesOf({ projects }: BitbucketData): Repository[] {
  return [...projects.values()].flatMap(({ repositories }) => [...repositories.values()]);
}
