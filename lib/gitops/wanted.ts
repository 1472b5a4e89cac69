import { allow, whereOf } from "./allowed.ts";
import type { BlueprintFields } from "./blueprints.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { Definition, DefinitionFile } from "./definition.ts";
import type { LinkedFile } from "./linked-file.ts";
import { linksOf } from "./links.ts";
import { type EntityName, entityName, type Fields, metaOf } from "./names.ts";
import type { Status } from "./record.ts";
import { withLinks } from "./with-links.ts";

/** An entity that a file wants to be in Port. */
export interface WantedEntity {
  readonly name: EntityName;
  /** With the contents of files in place of links. */
  readonly definition: Definition;
  /** Fields whose links could not be followed: they stay as they are. */
  readonly leftOut: Fields;
}

/** A definition file, as far as it can be told without Port's entities. */
export interface WantedFile {
  readonly path: string;
  readonly status: Status;
  readonly problems: readonly string[];
  readonly entities: readonly WantedEntity[];
  /** What it defines, too, but what cannot be written now: it stays as it is. */
  readonly unwritten: readonly EntityName[];
  readonly references: readonly string[];
  /** What it says cannot all be understood: what it lacks may be there. */
  readonly isDoubtful: boolean;
  /** Something in it may come right without a push. */
  readonly retry: boolean;
}

/**
 * What the files of a repository want, link by link and rule by rule.
 * @param schemas the blueprints that they name; undefined for one that Port does not have
 */
export function wantedFile(
  file: DefinitionFile,
  repository: RepositoryTip,
  linked: ReadonlyMap<string, LinkedFile>,
  schemas: ReadonlyMap<string, BlueprintFields | undefined>,
  context: GitopsContext,
): WantedFile {
  const problems = [...file.problems];
  const entities: WantedEntity[] = [];
  const unwritten: EntityName[] = [];
  const references = new Set<string>();
  let faults = 0;
  let retry = false;
  const fault = (sentence: string) => {
    problems.push(sentence);
    faults++;
  };
  for (const given of file.definitions) {
    const allowed = allow(given, repository, context);
    if ("refused" in allowed) {
      fault(allowed.refused);
      unwritten.push(entityName(given));
      continue;
    }
    problems.push(...allowed.problems);
    const schema = schemas.get(given.blueprint);
    if (schema === undefined) {
      fault(`${whereOf(given)}: Port has no blueprint ${given.blueprint}`);
      unwritten.push(entityName(given));
      retry = true;
      continue;
    }
    for (const link of linksOf(allowed.definition)) if ("target" in link) references.add(link.target);
    const { definition, problems: unread } = withLinks(allowed.definition, linked, schema.isObject);
    for (const problem of unread) fault(problem);
    const leftOut = {
      properties: missing(allowed.definition.properties, definition.properties),
      relations: missing(allowed.definition.relations, definition.relations),
      meta: metaOf(allowed.definition).filter((field) => definition[field] === undefined),
    };
    entities.push({ name: entityName(given), definition, leftOut });
  }
  return {
    path: file.path,
    status: file.status === "OK" && faults > 0 ? "FAULT" : file.status,
    problems,
    entities,
    unwritten,
    references: [...references],
    isDoubtful: file.status !== "OK",
    retry,
  };
}

function missing(before: object, now: object): string[] {
  return Object.keys(before).filter((name) => !Object.hasOwn(now, name));
}
