import type { BitbucketData, Entry, Repository } from "../../../infra/local/simulators/bitbucket/server.ts";

/** One entity, as the files of a history tell it. */
export interface Told {
  readonly identifier: string;
  readonly blueprint?: string;
  readonly title?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, string | readonly string[]>>;
  /** Properties whose links lead nowhere: they stay as they are. */
  readonly stays?: readonly string[];
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

/** A file from the root, and one beside the definition. */
export const links = ["file://docs/a.md", "file://./note.md"] as const;
/** Where they lead. */
export const notes = ["docs/a.md", "note.md", "a/note.md", "b/c/note.md"] as const;

export function tipOf({ git, defaultBranch }: Repository): Tip {
  const commit = git.branches.get(defaultBranch);
  const tree = git.commits.get(commit ?? "")?.tree ?? new Map<string, Entry>();
  const there = paths.filter((path) => tree.has(path));
  const texts = there.map((path) => String(tree.get(path)));
  const entries = there.map((path, index) =>
    entriesOf(texts[index] ?? "")?.map((told) => withNote(told, path, tree)),
  );
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

function withNote(told: Told, path: string, tree: ReadonlyMap<string, Entry>): Told {
  const { readme, ...properties } = told.properties;
  const [fromRoot, beside] = links;
  if (readme !== fromRoot && readme !== beside) return told;
  const target = readme === fromRoot ? notes[0] : path.replace(/[^/]+$/, "note.md");
  const note = tree.get(target);
  if (note === undefined) return { ...told, properties, stays: ["readme"] };
  return { ...told, properties: { ...properties, readme: String(note) } };
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
