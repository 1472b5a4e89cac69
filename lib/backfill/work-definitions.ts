import type { BackfillContext, Worked } from "./context.ts";

/**
 * For so long, in ms, what a file does not define any more is left alone: it may have gone into a file of another
 * repository, whose push is still on its way.
 */
const graceMs = 2 * 60_000;

/**
 * Deletes what the files of a repository do not define any more.
 * @param since when that was seen, epoch ms
 */
export async function workOnDefinitions(
  repositoryId: string,
  since: number,
  context: BackfillContext,
): Promise<Worked> {
  const left = since + graceMs - Date.now();
  if (left > 0) return { problems: [], more: [], waitMs: left };
  const { maxDeletePercent, allowMassDelete } = context;
  const swept = await context.definitionFiles?.sweep({
    only: repositoryId,
    maxDeletePercent,
    allowMassDelete,
  });
  return { problems: swept ?? [], more: [] };
}
