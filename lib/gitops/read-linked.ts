import { mayPass, RequestError } from "../errors.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { Definition } from "./definition.ts";
import { type LinkedFile, toLinkedFile } from "./linked-file.ts";
import { linksOf } from "./links.ts";
import { addressOf } from "./repository-address.ts";

/** Port takes 1 MiB for all of a call; a linked file is no more than half of it, in bytes. */
const largestLinked = 500_000;
/** Each costs a call to Bitbucket, and a file of 1 MiB could name fifty thousand. */
const mostLinked = 200;

/**
 * Reads the files that definitions refer to, each once.
 * @throws RequestError when one may be read later
 */
export async function readLinked(
  repository: RepositoryTip,
  definitions: readonly Definition[],
  { bitbucket }: GitopsContext,
): Promise<ReadonlyMap<string, LinkedFile>> {
  const targets = new Set(
    definitions.flatMap((definition) =>
      linksOf(definition).flatMap((link) => ("target" in link ? [link.target] : [])),
    ),
  );
  const read = async (path: string): Promise<LinkedFile> => {
    try {
      const file = await bitbucket.fileAt(addressOf(repository), path, repository.tip, largestLinked);
      if (file.is === "missing") return { is: "missing" };
      if (!file.isWhole) return { is: "unreadable", why: "it has more than 500 kB" };
      return toLinkedFile(file.bytes, true);
    } catch (error) {
      if (!(error instanceof RequestError) || isPassing(error)) throw error;
      return { is: "unreadable", why: `Bitbucket answers ${error.failure.status} to it` };
    }
  };
  const paths = [...targets];
  const entries = await Promise.all(
    paths.slice(0, mostLinked).map(async (path) => [path, await read(path)] as const),
  );
  const tooMany: LinkedFile = { is: "unreadable", why: `${mostLinked} other files are referred to already` };
  return new Map([...entries, ...paths.slice(mostLinked).map((path) => [path, tooMany] as const)]);
}

function isPassing(error: RequestError): boolean {
  const { status } = error.failure;
  return mayPass(error) && (status === undefined || status >= 429);
}
