import { log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import { kinds, textField } from "../bitbucket/objects.ts";
import type { Mapped } from "../mapping/mapped.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { MappedEntity } from "../mapping/result.ts";
import { maxIdentifierLength } from "../port/entity.ts";
import { fitted } from "../port/fit.ts";
import { type Candidate, compareVersions } from "./candidate.ts";
import type { SyncContext } from "./context.ts";
import { lacking } from "./lacking.ts";
import { toEntity } from "./map.ts";
import type { SourceObject } from "./observe.ts";
import type { Failure, OutcomeCollector } from "./outcomes.ts";

/**
 * Maps source objects to candidates, with one evaluation a kind, in the form that their blueprints want. Messages whose
 * own object cannot be mapped fail.
 * @throws RequestError when a blueprint cannot be read
 */
export async function mapSources(
  sources: readonly SourceObject[],
  collector: OutcomeCollector,
  { mapper, mappingFaults, model }: Pick<SyncContext, "mapper" | "mappingFaults" | "model">,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { source, result } of mapEachSource(mapper, sources)) {
    mappingFaults.note(nameOf(source), result, shownAs(source));
    const fault = faultOf(source, result);
    if (fault === undefined) candidates.push(...result.entities.map((entity) => toCandidate(source, entity)));
    // Who merely names an object that can never be mapped does without it.
    else if (!fault.permanent || source.intent !== "ensure") collector.fail(source.sources, fault);
    else log("warn", "object not mapped", { kind: source.kind, reason: fault.reason });
  }
  const lacks = await lacking(
    candidates.map(({ entity }) => entity),
    model,
  );
  return candidates.flatMap((candidate) => {
    const { entity, sources: own } = candidate;
    const reason = lacks.get(entity.blueprint);
    if (reason === undefined) return [{ ...candidate, entity: fitted(entity, model.find(entity.blueprint)) }];
    // It is for an operator to mend, and then goes well.
    collector.fail(own, { permanent: false, reason });
    return [];
  });
}

export interface MappedSource {
  readonly source: SourceObject;
  readonly result: Mapped;
}

/** What a mapping makes of source objects, with one evaluation a kind. */
export function mapEachSource(mapper: Mapper, sources: readonly SourceObject[]): MappedSource[] {
  return kinds.flatMap((kind) => {
    const own = withoutRepeats(sources.filter((source) => source.kind === kind));
    const objects = own.map(({ object }) => object);
    const results = mapper.map(kind, objects);
    return own.flatMap((source, index) => {
      const result = results[index];
      return result === undefined ? [] : [{ source, result }];
    });
  });
}

/** What a source object may be called wherever somebody reads it: who a user is is nobody's business. */
export function shownAs({ kind, address }: Pick<SourceObject, "kind" | "address">): string {
  return address === undefined ? kind : addressName(address);
}

/** Why nothing is made of an object; undefined where that is as it should be. */
export function faultOf({ intent, kind }: SourceObject, mapped: Mapped): Failure | undefined {
  const { fault, unidentified, entities } = mapped;
  if (fault !== undefined) return { ...fault, reason: `the mapping fails: ${fault.reason}` };
  // Not everybody has an e-mail address, by which some mappings call users.
  const isLost = unidentified === "failing" || (unidentified === "empty" && kind !== "user");
  if (isLost && entities.length === 0 && intent === "write")
    return { permanent: true, reason: "the mapping gives no identifier" };
  // Even asking Port for it would be refused, with all that is asked for together.
  if (entities.every(({ identifier }) => identifier.length <= maxIdentifierLength)) return undefined;
  const reason = `the mapping fails: an identifier has more than ${maxIdentifierLength} characters`;
  return { permanent: true, reason };
}

function toCandidate(source: SourceObject, mapped: MappedEntity): Candidate {
  const { kind, intent, version, address, createdDate, sources } = source;
  const { roles, enriched } = mapped;
  return { kind, intent, version, address, createdDate, sources, roles, enriched, entity: toEntity(mapped) };
}

/** The same user or repository stands in many events of a batch; where it only has to be there, once is enough. */
function withoutRepeats(sources: readonly SourceObject[]): SourceObject[] {
  const kept: SourceObject[] = sources.filter((source) => source.intent !== "ensure");
  const ensured = Map.groupBy(
    sources.filter((source) => source.intent === "ensure"),
    nameOf,
  );
  for (const same of ensured.values()) {
    const newest = same.toSorted((a, b) => compareVersions(b.version, a.version))[0];
    if (newest !== undefined)
      kept.push({ ...newest, sources: [...new Set(same.flatMap((it) => it.sources))] });
  }
  return kept;
}

function nameOf({ address, object }: SourceObject): string {
  if (address !== undefined) return addressName(address);
  return JSON.stringify(["slug", "name", "emailAddress"].map((name) => textField(object, name)));
}
