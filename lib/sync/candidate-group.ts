import { type EntityKey, keyOf } from "../port/entity.ts";
import { type Candidate, compareVersions } from "./candidate.ts";

/** The candidates of one entity, best first. */
export interface CandidateGroup {
  readonly key: EntityKey;
  readonly best: Candidate;
  readonly others: readonly Candidate[];
}

const byIntent = { ensure: 0, refresh: 1, write: 2 } as const;
const byProof = { event: 0, word: 0, listed: 0, asked: 1 } as const;

/**
 * One group per entity. A state that is to be shown beats one that only has to be there; what Bitbucket was asked for
 * beats what was heard; among equals the newest wins, so that several events of one object in a batch become one write.
 */
export function groupByEntity(candidates: readonly Candidate[]): CandidateGroup[] {
  const byKey = Map.groupBy(candidates, (candidate) => keyOf(candidate.entity));
  return [...byKey].flatMap(([key, all]) => {
    const [best, ...others] = all.toSorted(
      (a, b) =>
        byIntent[b.intent] - byIntent[a.intent] ||
        proofOf(b) - proofOf(a) ||
        compareVersions(b.version, a.version),
    );
    return best === undefined ? [] : [{ key, best: withRefreshed(best, others), others }];
  });
}

function proofOf({ version }: Candidate): number {
  return byProof[version.proof ?? "event"];
}

/** A change of a repository and a push to it set different fields: both are to be shown. */
function withRefreshed(best: Candidate, others: readonly Candidate[]): Candidate {
  const refresh = others.find(({ intent }) => intent === "refresh");
  if (best.intent !== "write" || refresh === undefined) return best;
  const { properties, relations } = refresh.entity;
  const entity = {
    ...best.entity,
    properties: { ...best.entity.properties, ...enrichedOf(properties, refresh) },
    relations: { ...best.entity.relations, ...enrichedOf(relations, refresh) },
  };
  return { ...best, entity };
}

function enrichedOf<Value>(
  fields: Readonly<Record<string, Value>>,
  { enriched }: Candidate,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => enriched.includes(name)));
}
