import { entityKey, keyOf } from "../port/entity.ts";
import { mapOne, toEntity } from "../sync/map.ts";
import { type EntityQuery, existenceQuery, queryFor, readEntities } from "../sync/read.ts";
import type { BlueprintFields } from "./blueprints.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { Definition } from "./definition.ts";
import { type EntityName, noFields, union } from "./names.ts";
import { type Present, targetsOf } from "./plan.ts";
import { readLinked } from "./read-linked.ts";
import { readTree, type Tree } from "./read-tree.ts";
import { type FileRecord, wroteOf } from "./record.ts";
import { withinRecord } from "./record-size.ts";
import { type WantedFile, wantedFile } from "./wanted.ts";

/** What a repository shows at its tip. */
export interface Prepared {
  readonly repository: RepositoryTip;
  readonly records: readonly FileRecord[];
  /** The identifier of the repository's own entity. */
  readonly entity: string | undefined;
  readonly files: readonly WantedFile[];
  readonly kept: Tree["kept"];
  readonly dropped: Tree["dropped"];
  readonly hasNone: boolean;
}

export type Schemas = ReadonlyMap<string, BlueprintFields | undefined>;

/**
 * Reads the definition files of a repository and what they refer to.
 * @throws RequestError when it cannot be told what is there
 */
export async function prepare(
  repository: RepositoryTip,
  records: readonly FileRecord[],
  schemas: Map<string, BlueprintFields | undefined>,
  context: GitopsContext,
): Promise<Prepared> {
  const tree = await readTree(repository, records, context);
  const entity = mapOne("repository", repository.object, context)
    .map(toEntity)
    .find(({ blueprint }) => blueprint === "bitbucketRepository")?.identifier;
  const files = tree?.files ?? [];
  const definitions = files.flatMap((file) => file.definitions);
  await readSchemas(definitions, schemas, context);
  const linked = await readLinked(repository, definitions, context);
  return {
    repository,
    records,
    entity,
    files: files.map((file) => withinRecord(wantedFile(file, repository, linked, schemas, context))),
    kept: tree?.kept ?? records,
    dropped: tree?.dropped ?? [],
    hasNone: tree?.hasNone === true,
  };
}

async function readSchemas(
  definitions: readonly Definition[],
  schemas: Map<string, BlueprintFields | undefined>,
  { blueprints }: GitopsContext,
): Promise<void> {
  const names = new Set(definitions.map(({ blueprint }) => blueprint));
  await Promise.all(
    [...names].map(async (name) => {
      if (!schemas.has(name)) schemas.set(name, await blueprints.read(name));
    }),
  );
}

/**
 * What Port has of the entities that files name, and of those that they relate to.
 * @param records all that may have written of the entities before
 * @throws RequestError
 */
export async function readPresent(
  prepared: readonly Prepared[],
  records: readonly FileRecord[],
  schemas: Schemas,
  { port }: GitopsContext,
): Promise<Present> {
  const wanted = prepared.flatMap(({ files }) => files.flatMap(({ entities }) => entities));
  const before = (name: EntityName) => records.map((record) => wroteOf(record, name)).reduce(union, noFields);
  const queries = wanted.flatMap(({ name, definition }): EntityQuery[] => {
    const { relations, properties, ...rest } = definition;
    const schema = schemas.get(definition.blueprint);
    const targets = Object.entries(relations).flatMap(([relation, value]) => {
      const target = schema?.targetOf(relation);
      return target === undefined ? [] : targetsOf(value).map((it) => existenceQuery(entityKey(target, it)));
    });
    const old = before(name);
    const fields = [
      ...Object.keys(properties),
      ...Object.keys(relations),
      ...old.properties,
      ...old.relations,
    ];
    const known = fields.filter((field) => schema?.has(field));
    known.push(...old.meta.map((field) => `$${field}`));
    return [queryFor({ ...rest, properties: {}, relations: {} }, known), ...targets];
  });
  const existing = await readEntities(port, queries);
  return { existing, coming: new Set(wanted.map(({ definition }) => keyOf(definition))), schemas };
}
