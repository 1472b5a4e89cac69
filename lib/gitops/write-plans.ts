import { keyOf } from "../port/entity.ts";
import { claimsOf } from "./claims.ts";
import { readContested } from "./contested.ts";
import type { GitopsContext } from "./context.ts";
import { countSynced } from "./count-synced.ts";
import { finalRecords } from "./final-records.ts";
import type { EntityName } from "./names.ts";
import { decide, oursOf, type Present } from "./plan.ts";
import { type Prepared, readPresent, type Schemas } from "./prepare.ts";
import type { FileRecord } from "./record.ts";
import type { RepositoryPlan } from "./repository-plan.ts";
import { isAsExpected, settleRecords } from "./settle-records.ts";
import { notSynced, type Synced } from "./synced.ts";
import { undo } from "./undo.ts";
import { bringsNew, writeAhead } from "./write-ahead.ts";
import { type Written, writeEntities } from "./write-entities.ts";

/**
 * Decides what becomes of the entities of some repositories, and writes them and their records: first who has what and
 * what is made, then the entities, then that it is done.
 * @param claims records that name the same entities, of any repository
 * @throws RequestError when Port is away; what was written is found by the next try
 */
export async function writePlans(
  prepared: readonly Prepared[],
  claims: readonly FileRecord[],
  schemas: Schemas,
  context: GitopsContext,
): Promise<Synced[]> {
  if (prepared.length === 0) return [];
  const all = [...claims, ...prepared.flatMap(({ records }) => records)];
  const present = await readPresent(prepared, all, schemas, context);
  const planned = plansOf(prepared, claims, present, context);
  const old = new Map(
    prepared.flatMap(({ records }) => records).map((record) => [record.identifier, record]),
  );
  // Who sees an entity that somebody has just made sees the record that says so as well.
  const beginners = planned.filter((plan) => bringsNew(plan, present));
  const begun = await isAsExpected(beginners, old, old, context);
  const stale = new Set(beginners.filter((plan) => !begun(plan)));
  const fresh = planned.filter((plan) => !stale.has(plan));
  const ahead = await writeAhead(fresh, old, present, context);
  const contested = await readContested(fresh, context);
  const plans = fresh.filter((plan) => contested(plan).length === 0);
  const put = planned
    .filter((plan) => !plans.includes(plan))
    .map((plan) => ({ ...notSynced(plan.repository, undefined, "surely"), affected: contested(plan) }));
  const results = await writeEntities(
    plans.flatMap(({ decisions }) => oursOf(decisions)).map(({ entity }) => entity),
    present,
    context.port,
  );
  const undone = await undo(plans, context);
  const expected = context.dryRun ? () => true : await isAsExpected(plans, old, ahead, context);
  const synced: Synced[] = [];
  for (const plan of plans) {
    const written = (name: EntityName) => {
      const decision = plan.decisions.get(name);
      return decision?.is === "ours" ? results.get(keyOf(decision.entity)) : undefined;
    };
    if (!expected(plan)) {
      const made = oursOf(plan.decisions).filter(({ name, isCreated }) => {
        const result = written(name);
        return isCreated && (result?.is !== "refused" || result.isMade);
      });
      const repository = { ...plan.repository, made: new Set(made.map(({ name }) => name)) };
      synced.push(notSynced(repository, undefined, "surely"));
      continue;
    }
    const records = finalRecords(plan, written);
    const settled = await settleRecords(plan, records, ahead, context);
    countSynced(plan, records, settled, written, context);
    const wrote =
      settled.length > 0 ||
      undone.has(plan) ||
      oursOf(plan.decisions).some(({ name }) => isWrite(written(name)));
    const leaving = records.flatMap((record) => record.leaving);
    synced.push({
      repository: plan.repository,
      again: wrote && !context.dryRun ? "if moved" : "no",
      affected: leaving.flatMap((name) => plan.claims.waitingFor(name)),
      isLeaving: leaving.length > 0,
      faults: records.filter(({ status }) => status === "FAULT").length,
    });
  }
  return [...synced, ...put];
}

function isWrite(written: Written | undefined): boolean {
  return written?.is === "created" || written?.is === "updated";
}

/** One after the other: whoever comes first has an entity that several of them define. */
function plansOf(
  prepared: readonly Prepared[],
  claims: readonly FileRecord[],
  present: Present,
  context: GitopsContext,
): RepositoryPlan[] {
  const known = new Map(claims.map((record) => [record.identifier, record]));
  return prepared.map(({ repository, records, ...rest }) => {
    const others = [...known.values()].filter(({ repositoryId }) => repositoryId !== repository.id);
    const own = claimsOf(repository.id, records, others);
    const decisions = new Map(
      rest.files.flatMap(({ entities }) =>
        entities.map((wanted) => [wanted.name, decide(wanted, own, present, repository.made)] as const),
      ),
    );
    const settings = context.settings.hash;
    const plan: RepositoryPlan = { ...rest, repository, records, claims: own, decisions, settings };
    for (const { identifier } of records) known.delete(identifier);
    for (const record of finalRecords(plan, () => undefined)) known.set(record.identifier, record);
    return plan;
  });
}
