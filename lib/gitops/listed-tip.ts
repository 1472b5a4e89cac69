import type { RepositoryAddress } from "../bitbucket/address.ts";
import { textField } from "../bitbucket/objects.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { FileRecord } from "./record.ts";
import { recordIdentifier } from "./record-identifier.ts";

/** A listed repository with the tip of its default branch; undefined when it has none yet, or it could not be read. @throws RequestError */
export async function withTip(
  address: RepositoryAddress,
  object: JsonObject,
  { bitbucket, mapper }: GitopsContext,
): Promise<RepositoryTip | undefined> {
  const id = object["id"];
  if (typeof id !== "number") return undefined;
  const isRead = mapper.reads("repository", "__latestCommit");
  const known = object["__latestCommit"];
  const commit = isRead ? (isJsonObject(known) ? known : undefined) : await bitbucket.latestCommit(address);
  const tip = textField(commit, "id");
  return tip === undefined
    ? undefined
    : { key: address.key, slug: address.slug, id: String(id), object, tip };
}

/** Whether a record says what there is at a tip, by the present settings. */
export function isSynced(
  record: FileRecord,
  { key, slug, tip }: RepositoryTip,
  { settings }: GitopsContext,
): boolean {
  const isHere = record.identifier === recordIdentifier(key, slug, record.path);
  // A fault may have been one of the answer.
  const isDone = !record.retry && !record.unclear;
  return isHere && record.commit === tip && record.settings === settings.hash && isDone;
}
