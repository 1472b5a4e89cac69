import { isJsonObject, type Json } from "../json.ts";
import type { PortClient } from "../port/client.ts";
import { type Entity, safeIdentifier } from "../port/entity.ts";
import { byIdentifier } from "../port/query.ts";
import { deleteEntities } from "../sync/delete.ts";
import { upsertAll } from "../sync/upsert.ts";
import type { RepositoryTip } from "./context.ts";
import { recordBlueprint } from "./record.ts";

/** Port takes 1 MiB for one entity. */
const mostRepositories = 15_000;

/** The tips, by Bitbucket's number of the repository, at which the repositories of a project had no definition file. */
export interface Searched {
  readonly identifier: string;
  readonly project: string;
  /** Of the settings that were searched with. */
  readonly settings: string;
  readonly tips: Readonly<Record<string, string>>;
}

/** What a record says of that; undefined for one of a file. */
export function searchedOf({ identifier, properties }: Entity): Searched | undefined {
  const { searched, project, settings } = properties;
  if (!isJsonObject(searched)) return undefined;
  const isText = (entry: [string, Json]): entry is [string, string] => typeof entry[1] === "string";
  const tips = Object.fromEntries(Object.entries(searched).filter(isText));
  return { identifier, project: textOf(project), settings: textOf(settings), tips };
}

/** Remembers that some repositories have no definition file at their tips: a backfill need not look there again. */
export async function rememberSearched(
  repositories: readonly RepositoryTip[],
  settings: string,
  port: PortClient,
): Promise<void> {
  for (const [key, own] of Map.groupBy(repositories, (repository) => repository.key)) {
    const old = await readSearched(key, port);
    const known = old?.settings === settings ? old.tips : {};
    const tips = { ...known, ...Object.fromEntries(own.map(({ id, tip }) => [id, tip])) };
    await writeSearched({ identifier: identifierOf(key), project: key, settings, tips }, port);
  }
}

/** Forgets repositories that a project does not have any more, and projects that are not there. */
export async function forgetSearched(
  searched: readonly Searched[],
  isThere: (repositoryId: string) => boolean,
  port: PortClient,
): Promise<void> {
  for (const one of searched) {
    const tips = Object.entries(one.tips).filter(([id]) => isThere(id));
    if (tips.length === 0) await deleteEntities(recordBlueprint, [one.identifier], port);
    else if (tips.length < Object.keys(one.tips).length)
      await writeSearched({ ...one, tips: Object.fromEntries(tips) }, port);
  }
}

async function readSearched(key: string, port: PortClient): Promise<Searched | undefined> {
  const include = ["$identifier", "project", "settings", "searched"];
  const [found] = await port.search(recordBlueprint, byIdentifier([identifierOf(key)]), include);
  return found && searchedOf(found);
}

/** What Port does not take is asked for again by the next run. */
async function writeSearched(
  { identifier, project, settings, tips }: Searched,
  port: PortClient,
): Promise<void> {
  const latest = Object.fromEntries(Object.entries(tips).slice(-mostRepositories));
  const entity: Entity = {
    identifier,
    blueprint: recordBlueprint,
    title: `${project}: repositories without such a file`,
    properties: { project, settings, status: "OK", searched: latest },
    relations: {},
  };
  await upsertAll(port, [entity], false);
}

/** No file's: those have a slash in front of their colon. */
function identifierOf(key: string): string {
  return safeIdentifier(`${key}:searched`);
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
