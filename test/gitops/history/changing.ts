import type { BitbucketSimulator, Repository } from "../../../infra/local/simulators/bitbucket/server.ts";
import type { JsonObject } from "../../../lib/json.ts";
import type { Change, Line } from "./acts.ts";
import { entriesOf, links, notes, paths, type Told, textOf } from "./tips.ts";

/** The repositories of a history, and what happens to them. */
export interface Changing {
  /** Those that are there, in the order in which they came to be. */
  repositories(): Repository[];
  /** The projects' keys, as they are now. */
  keys(): string[];
  /** @returns what Bitbucket tells of it */
  happen(change: Change): JsonObject[];
  /** Repairs every file of a repository that cannot be understood, or says what another one says. */
  mend(repository: Repository): JsonObject[];
}

export function changing(
  bitbucket: BitbucketSimulator,
  keys: readonly [string, string],
  prefix: string,
): Changing {
  const all: Repository[] = [];
  const own = keys.map((key) => bitbucket.createProject({ key, name: key }));
  for (const [index, key] of [keys[0], keys[0], keys[1]].entries()) {
    const made = bitbucket.createRepository(key, { name: `repo ${index}` });
    bitbucket.commit(key, made.slug, { "README.md": "# Hello" });
    all.push(made);
  }
  let names = 0;

  const entryOf = ({ entity, version, uses, team, link }: Line): Told => {
    const readme = link === undefined ? (version === 2 ? undefined : `r${version}`) : links[link];
    const identifier = `${prefix}-${entity}`;
    const title = version === 2 ? {} : { title: `Title ${version}` };
    if (blueprintOf(entity) === "team")
      return { identifier, blueprint: "team", ...title, properties: { name: `n${version}` }, relations: {} };
    return {
      identifier,
      blueprint: "service",
      ...title,
      properties: {
        tier: version === 0 ? "gold" : "silver",
        ...(readme === undefined ? {} : { readme }),
      },
      relations: {
        uses: uses.map((other) => `${prefix}-${other}`),
        ...(team === undefined ? {} : { team: `${prefix}-${team + 4}` }),
      },
    };
  };
  const live = () => all.filter(({ project, slug, id }) => project.repositories.get(slug)?.id === id);
  const pick = (index: number) => {
    const own = live();
    return own[index % own.length] as Repository;
  };
  const commit = (of: Repository, files: Record<string, string | null>, options = {}) =>
    bitbucket.commit(of.project.key, of.slug, files, options) as JsonObject;
  const pathOf = (file: number) => paths[file % paths.length] ?? paths[0];
  const textAt = ({ files }: Repository, path: string) =>
    files.has(path) ? String(files.get(path)) : undefined;
  const entriesAt = (of: Repository, path: string) => entriesOf(textAt(of, path) ?? "[]") ?? [];
  const existing = (of: Repository, file: number) => {
    const own = paths.filter((path) => of.files.has(path));
    return own[file % own.length];
  };

  function mend(of: Repository): JsonObject[] {
    const known = new Set<string>();
    const files: Record<string, string> = {};
    for (const path of paths) {
      const text = textAt(of, path);
      if (text === undefined) continue;
      const entries = entriesAt(of, path)
        .map((told) => ({ ...told, blueprint: blueprintOf(Number(told.identifier.split("-")[1])) }))
        .filter(({ identifier }) => !known.has(identifier) && known.add(identifier));
      if (textOf(entries) !== text) files[path] = textOf(entries);
    }
    const isBorn = of.git.branches.has(of.defaultBranch);
    return Object.keys(files).length === 0 && isBorn ? [] : [commit(of, files)];
  }

  /** Takes an entry out of one file and puts it into another, of this repository or another one. */
  function handOver(change: Extract<Change, { do: "hand over" }>): JsonObject[] {
    const [from, to] = [pick(change.repo), pick(change.to)];
    const path = existing(from, change.file);
    const into = pathOf(change.into);
    if (path === undefined || (from === to && path === into)) return [];
    const entries = entriesAt(from, path);
    const entry = entries[change.at % Math.max(entries.length, 1)];
    if (entry === undefined) return [];
    const left = textOf(entries.filter((other) => other !== entry));
    const grown = textOf([...entriesAt(to, into).filter((it) => it.identifier !== entry.identifier), entry]);
    if (from === to) return [commit(from, { [path]: left, [into]: grown })];
    const both = [() => commit(from, { [path]: left }), () => commit(to, { [into]: grown })];
    return (change.takesFirst ? both : both.reverse()).map((push) => push());
  }

  function onFile(change: Extract<Change, { file: number }>): JsonObject[] {
    const of = pick(change.repo);
    if (change.do === "write")
      return [commit(of, { [pathOf(change.file)]: textOf(change.lines.map(entryOf)) })];
    if (change.do === "add") {
      const path = pathOf(change.file);
      return [commit(of, { [path]: textOf([...entriesAt(of, path), entryOf(change.line)]) })];
    }
    if (change.do === "branch")
      return [commit(of, { [pathOf(change.file)]: textOf([entryOf(change.line)]) }, { branch: "next" })];
    if (change.do === "hand over") return handOver(change);
    const path = existing(of, change.file);
    if (path === undefined) return [];
    const entries = entriesAt(of, path);
    switch (change.do) {
      case "take out":
        return [
          commit(of, { [path]: textOf(entries.toSpliced(change.at % Math.max(entries.length, 1), 1)) }),
        ];
      case "move":
      case "copy": {
        const into = pathOf(change.into);
        if (into === path) return [];
        return [commit(of, {}, { [change.do === "move" ? "moves" : "copies"]: { [path]: into } })];
      }
      case "drop":
        return [commit(of, { [path]: null })];
      case "spoil": {
        const [first, ...rest] = entries;
        const { blueprint: _, ...bare } = first ?? {
          identifier: `${prefix}-0`,
          properties: {},
          relations: {},
        };
        const texts = {
          broken: `${textOf(entries)}\n  broken: [`,
          "no blueprint": textOf([bare as Told, ...rest]),
          "something else": "kind: Application\nspec: {}\n",
        };
        return [commit(of, { [path]: texts[change.how] })];
      }
    }
  }

  return {
    repositories: live,
    keys: () => own.map(({ key }) => key),
    mend,
    happen(change) {
      if (live().length === 0) return [];
      if ("file" in change) return onFile(change);
      const of = pick(change.repo);
      const { slug, project } = of;
      switch (change.do) {
        case "mend":
          return mend(of);
        case "force": {
          const to = of.commits[change.back];
          if (to === undefined) return [];
          const pushed = bitbucket.forcePush(project.key, slug, to.id);
          if (change.forgets) bitbucket.collectGarbage(project.key, slug);
          return [pushed as JsonObject];
        }
        case "default":
          bitbucket.setDefaultBranch(project.key, slug, change.branch);
          return [];
        case "rename":
          return [bitbucket.renameRepository(project.key, slug, `named ${++names}`) as JsonObject];
        case "relocate": {
          const into = own.find((other) => other !== project)?.key ?? project.key;
          if (bitbucket.data.projects.get(into)?.repositories.has(slug)) return [];
          return [bitbucket.moveRepository(project.key, slug, into) as JsonObject];
        }
        case "delete":
          if (live().length > 1) bitbucket.deleteRepository(project.key, slug);
          return [];
        case "note": {
          const note = notes[change.note % notes.length] ?? notes[0];
          if (change.says === null && !of.files.has(note)) return [];
          return [commit(of, { [note]: change.says })];
        }
        case "rekey": {
          const old = project.key;
          const events = [bitbucket.updateProject(old, { key: `${old}X` }) as JsonObject];
          if (!change.succeeds) return events;
          own.push(bitbucket.createProject({ key: old, name: `another ${++names}` }));
          const next = bitbucket.createRepository(old, { name: slug, slug });
          all.push(next);
          return [...events, commit(next, { "port.yml": textAt(of, "port.yml") ?? "[]" })];
        }
        case "succeed": {
          // Another one at the address where this one was.
          const moved = bitbucket.renameRepository(project.key, slug, `named ${++names}`) as JsonObject;
          const next = bitbucket.createRepository(project.key, { name: slug, slug });
          all.push(next);
          return [moved, commit(next, { "port.yml": textAt(of, "port.yml") ?? "[]" })];
        }
      }
    },
  };
}

function blueprintOf(entity: number): string {
  return entity > 3 ? "team" : "service";
}
