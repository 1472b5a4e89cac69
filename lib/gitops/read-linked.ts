import { mayPass, RequestError } from "../errors.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { Definition } from "./definition.ts";
import { type LinkedFile, toLinkedFile } from "./linked-file.ts";
import { linksOf } from "./links.ts";
import { addressOf } from "./read-tree.ts";

/** Port takes 1 MiB for all of a call; a linked file is no more than half of it, in bytes. */
const largestLinked = 500_000;

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
      return { is: "unreadable", why: `Bitbucket answers ${error.failure.status ?? "nothing"} to it` };
    }
  };
  const entries = await Promise.all([...targets].map(async (path) => [path, await read(path)] as const));
  return new Map(entries);
}

function isPassing(error: RequestError): boolean {
  const { status } = error.failure;
  return mayPass(error) && (status === undefined || status >= 429);
}
