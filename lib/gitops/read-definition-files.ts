import { inParts } from "../parts.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { DefinitionFile } from "./definition.ts";
import { readDefinitions } from "./read-file.ts";
import { addressOf } from "./repository-address.ts";
import { largestFile } from "./text.ts";

/** Anyone who may push can make as many as he likes: of one repository so many are read, so many bytes of them in all. */
const mostFiles = 1_000;
const mostBytes = 16 * 1024 * 1024;
/** Files that are in memory at once. */
const together = 8;

/**
 * Reads definition files; those that are not there at the tip are left out. The first one beyond what is read stands for
 * all behind it, with a fault.
 * @throws RequestError
 */
export async function readDefinitionFiles(
  repository: RepositoryTip,
  paths: readonly string[],
  { bitbucket }: Pick<GitopsContext, "bitbucket">,
): Promise<DefinitionFile[]> {
  const files: DefinitionFile[] = [];
  let left = mostBytes;
  let done = 0;
  for (const part of inParts(paths.slice(0, mostFiles), together)) {
    if (left <= 0) break;
    const read = await Promise.all(
      part.map((path) => bitbucket.fileAt(addressOf(repository), path, repository.tip, largestFile)),
    );
    for (const [index, file] of read.entries()) {
      if (file.is === "missing") continue;
      left -= file.bytes.length;
      files.push(readDefinitions(part[index] ?? "", file.bytes, file.isWhole));
    }
    done += part.length;
  }
  const next = paths[done];
  return next === undefined ? files : [...files, unread(next, paths.length - done)];
}

function unread(path: string, count: number): DefinitionFile {
  const limits = `${mostFiles} such files, or more than ${mostBytes / 1024 / 1024} MiB of them`;
  const others = count === 1 ? "" : `, nor are ${count - 1} others`;
  const problem = `The file is not read${others}: the repository has more than ${limits}.`;
  return { path, status: "FAULT", definitions: [], problems: [problem] };
}
