import { log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import type { GitopsContext } from "./context.ts";
import { goneRecord } from "./gone-record.ts";
import type { FileRecord } from "./record.ts";
import { writeRecords } from "./records.ts";
import { addressOf } from "./repository-address.ts";
import { syncRepositories } from "./sync-repositories.ts";
import { tipOf } from "./tip-of.ts";

/**
 * Looks at repositories that have records and were in no listing: a repository that was moved is synced where it is now;
 * of one that Bitbucket says is gone everything is leaving.
 * @param records all records of those repositories
 * @returns sentences about what cannot be told
 * @throws RequestError when Port is away
 */
export async function leaveGone(records: readonly FileRecord[], context: GitopsContext): Promise<string[]> {
  const problems: string[] = [];
  for (const own of Map.groupBy(records, ({ repositoryId }) => repositoryId).values()) {
    const [first] = own;
    if (first === undefined || own.every(({ gone }) => gone)) continue;
    const address = addressOf(first);
    const answer = await context.bitbucket.find(address);
    switch (answer.is) {
      case "here":
        // Another repository has the address by now.
        if (String(answer.object["id"]) !== first.repositoryId) await leave(own, context);
        break;
      case "elsewhere": {
        const now = answer.address;
        const moved =
          now?.kind === "repository"
            ? await tipOf({ ...now, repositoryId: first.repositoryId }, context)
            : undefined;
        if (moved !== undefined) await syncRepositories([moved], context);
        break;
      }
      case "gone":
        await leave(own, context);
        break;
      case "unknown":
        problems.push(
          `${addressName(address)}: it cannot be told whether it is there: its definition files stay`,
        );
    }
  }
  return problems;
}

async function leave(records: readonly FileRecord[], { port }: GitopsContext): Promise<void> {
  const before = new Map(records.map((record) => [record.identifier, record]));
  const leaving = records.map((record) =>
    goneRecord(record, [...new Set([...record.entities, ...record.leaving])]),
  );
  log("info", "repository is gone: what its definition files made goes", {
    records: leaving.map(({ identifier }) => identifier).slice(0, 20),
  });
  await writeRecords(port, leaving, before);
}
