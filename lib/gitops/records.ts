import { RequestError } from "../errors.ts";
import { inTextParts } from "../parts.ts";
import type { PortClient } from "../port/client.ts";
import type { Entity } from "../port/entity.ts";
import { byIdentifier, everything, naming, type SearchQuery } from "../port/query.ts";
import { differs } from "../sync/difference.ts";
import { upsertAll } from "../sync/upsert.ts";
import type { EntityName } from "./names.ts";
import { type FileRecord, fromEntity, recordBlueprint, recordFields, toEntity } from "./record.ts";
import { type Searched, searchedOf } from "./searched.ts";

/** Values in one rule of a search, and their bytes: they stand in up to three rules, and Port takes 1 MiB. */
const valuesPerSearch = 200;
const bytesPerSearch = 250_000;
/** What tells whether a repository has to be looked at. */
const indexFields = [
  "repositoryId",
  "project",
  "slug",
  "path",
  "commit",
  "settings",
  "retry",
  "unclear",
  "gone",
  "searched",
];

/** What tells which repositories have to be looked at. */
export interface Index {
  readonly records: readonly FileRecord[];
  readonly searched: readonly Searched[];
}

/** All records, with as much as that takes; one search, a thousand a page. */
export async function readIndex(port: PortClient): Promise<Index> {
  const include = ["$identifier", "$title", ...indexFields];
  const found = await port.search(recordBlueprint, everything, include);
  return { records: toRecords(found), searched: found.flatMap((entity) => searchedOf(entity) ?? []) };
}

/** The files that records refer to. */
export async function readReferences(port: PortClient): Promise<FileRecord[]> {
  const some: SearchQuery = {
    combinator: "and",
    rules: [{ property: "references", operator: "isNotEmpty" }],
  };
  return search(port, some, ["repositoryId", "references"]);
}

/** The records of some repositories, by Bitbucket's numbers of them. */
export async function readRecords(port: PortClient, repositoryIds: readonly string[]): Promise<FileRecord[]> {
  return searchParts(repositoryIds, (part) => search(port, naming(["repositoryId"], part), recordFields));
}

/** The records with these identifiers. */
export async function readRecordsAt(port: PortClient, identifiers: readonly string[]): Promise<FileRecord[]> {
  return searchParts(identifiers, (part) => search(port, byIdentifier(part), recordFields));
}

/** The records that name any of these entities in one of their lists. */
export async function readClaims(port: PortClient, names: readonly EntityName[]): Promise<FileRecord[]> {
  const lists = ["entities", "waiting", "leaving"];
  const found = await searchParts(names, (part) => search(port, naming(lists, part), recordFields));
  return [...new Map(found.map((record) => [record.identifier, record])).values()];
}

/** The records that something is leaving, or whose repositories may be gone: all that own or owe something. */
export async function readOwners(port: PortClient): Promise<FileRecord[]> {
  return search(port, everything, recordFields);
}

/**
 * Writes the records that differ from what Port has.
 * @throws RequestError when one could not be written
 */
export async function writeRecords(
  port: PortClient,
  records: readonly FileRecord[],
  before: ReadonlyMap<string, FileRecord>,
): Promise<readonly FileRecord[]> {
  const due = records.filter((record) => {
    const old = before.get(record.identifier);
    return old === undefined || differs(toEntity(record), toEntity(old));
  });
  const results = await upsertAll(port, due.map(toEntity), false);
  const refused = due.filter((_, index) => results[index]?.ok !== true);
  // Where the repository has no entity the record does without it.
  const bare = refused.map((record) => withoutRelations(toEntity(record)));
  for (const result of await upsertAll(port, bare, false)) {
    if (result.ok) continue;
    const { status, code } = result;
    const operation = "POST /blueprints/bitbucketPortFile/entities/bulk";
    throw new RequestError({ service: "port", operation, status, code });
  }
  return due;
}

function withoutRelations(entity: Entity): Entity {
  return { ...entity, relations: {} };
}

async function search(
  port: PortClient,
  query: SearchQuery,
  include: readonly string[],
): Promise<FileRecord[]> {
  return toRecords(await port.search(recordBlueprint, query, ["$identifier", "$title", ...include]));
}

/** Those of files. */
function toRecords(entities: readonly Entity[]): FileRecord[] {
  return entities.map(fromEntity).filter(({ repositoryId }) => repositoryId !== "");
}

/** Some searches at once, each for as many values as one takes. */
async function searchParts(
  values: readonly string[],
  work: (part: readonly string[]) => Promise<FileRecord[]>,
): Promise<FileRecord[]> {
  const found = await Promise.all(
    inTextParts([...new Set(values)], valuesPerSearch, bytesPerSearch).map(work),
  );
  return found.flat();
}
