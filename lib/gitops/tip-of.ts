import type { RepositoryAddress } from "../bitbucket/address.ts";
import { textField } from "../bitbucket/objects.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { FileRecord } from "./record.ts";
import { addressOf } from "./repository-address.ts";

type Bitbucket = Pick<GitopsContext, "bitbucket">;

/** The repository of a record, as it is now; undefined when it is not there, or cannot be read. */
export async function tipOf(
  record: Pick<FileRecord, "key" | "slug" | "repositoryId">,
  context: Bitbucket,
): Promise<RepositoryTip | undefined> {
  const { key, slug, repositoryId: id } = record;
  try {
    const tip = await readTip(record, context);
    return tip === undefined ? undefined : await confirmed({ key, slug, id, object: {}, tip }, context);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return undefined;
  }
}

/** A repository, as Bitbucket shows it, at its present tip; undefined when there is none yet. @throws RequestError */
export async function atTip(
  { key, slug }: RepositoryAddress,
  object: JsonObject,
  context: Bitbucket,
): Promise<RepositoryTip | undefined> {
  const tip = await readTip({ key, slug }, context);
  return tip === undefined ? undefined : { key, slug, id: String(object["id"]), object, tip };
}

/** Whether the default branch has moved on since its tip was read. */
export async function isBehind(repository: RepositoryTip, context: Bitbucket): Promise<boolean> {
  try {
    return (await readTip(repository, context)) !== repository.tip;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return false;
  }
}

/**
 * A repository whose tip was read, if its address is still its own: another one may have taken it, and what that says
 * is not to be taken for this one's. Asked after the tip, because another repository does not know that commit.
 * @returns undefined when it is not there
 * @throws RequestError when that cannot be told
 */
export async function confirmed(
  repository: RepositoryTip,
  { bitbucket }: Bitbucket,
): Promise<RepositoryTip | undefined> {
  const answer = await bitbucket.find(addressOf(repository));
  if (answer.is === "unknown") throw answer.error;
  if (answer.is !== "here" || String(answer.object["id"]) !== repository.id) return undefined;
  return { ...repository, object: answer.object };
}

async function readTip(
  at: Pick<FileRecord, "key" | "slug">,
  { bitbucket }: Bitbucket,
): Promise<string | undefined> {
  return textField(await bitbucket.latestCommit(addressOf(at)), "id");
}
