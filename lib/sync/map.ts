import { log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import { type Kind, kinds, textField } from "../bitbucket/objects.ts";
import { UnprocessableError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Mapped, Mapper } from "../mapping/mapper.ts";
import type { MappedEntity } from "../mapping/result.ts";
import { type Entity, maxIdentifierLength, type RelationValue, safeIdentifier } from "../port/entity.ts";
import { type Candidate, compareVersions } from "./candidate.ts";
import type { SourceObject } from "./observe.ts";
import type { Failure, OutcomeCollector } from "./outcomes.ts";

/**
 * Maps source objects to candidates, with one evaluation a kind. Messages whose own object cannot be mapped fail.
 */
export function mapSources(
  mapper: Mapper,
  sources: readonly SourceObject[],
  collector: OutcomeCollector,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const kind of kinds) {
    const own = withoutRepeats(sources.filter((source) => source.kind === kind));
    const mapped = mapper.map(
      kind,
      own.map((source) => source.object),
    );
    for (const [index, source] of own.entries()) {
      const result = mapped[index];
      if (result === undefined) continue;
      for (const place of result.failed)
        log("warn", "mapping expression failed", { mapping: mapper.name, place });
      for (const place of result.cut) log("warn", "text cut", { mapping: mapper.name, place });
      const fault = faultOf(source, result);
      if (fault === undefined)
        candidates.push(...result.entities.map((entity) => toCandidate(source, entity)));
      // Who merely names an object that can never be mapped does without it.
      else if (!fault.permanent || source.intent !== "ensure") collector.fail(source.sources, fault);
      else log("warn", "object not mapped", { kind, reason: fault.reason });
    }
  }
  return candidates;
}

function faultOf({ intent }: SourceObject, { fault, unidentified, entities }: Mapped): Failure | undefined {
  if (fault !== undefined) return { ...fault, reason: `the mapping fails: ${fault.reason}` };
  if (unidentified && intent === "write")
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

/** The entity as Port takes it: no characters that Port refuses in identifiers, its own and those it relates to. */
export function toEntity(mapped: MappedEntity): Entity {
  const { roles: _roles, enriched: _enriched, people: _people, relations, ...entity } = mapped;
  const safe = Object.entries(relations).map(([name, value]) => [name, safeRelation(value)] as const);
  return { ...entity, identifier: safeIdentifier(mapped.identifier), relations: Object.fromEntries(safe) };
}

/** Without what can be no entity's identifier. */
function safeRelation(value: RelationValue): RelationValue {
  const targets = [value ?? []].flat().filter((target) => target.length <= maxIdentifierLength);
  const safe = [...new Set(targets.map(safeIdentifier))];
  return typeof value === "string" || value === null ? (safe[0] ?? null) : safe;
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

/**
 * What a mapping makes of each of some objects of one kind, in one evaluation: nothing of those that cannot be mapped.
 * @throws Error when one cannot be mapped for now
 */
export function mapEach(
  kind: Kind,
  objects: readonly JsonObject[],
  { mapper }: { readonly mapper: Mapper },
): readonly (readonly MappedEntity[])[] {
  return mapper.map(kind, objects).map(({ entities, fault }) => {
    if (fault !== undefined && !fault.permanent) throw new Error(`the mapping fails: ${fault.reason}`);
    return entities;
  });
}

/**
 * What it makes of all of them.
 * @throws UnprocessableError when one of them cannot be mapped: no entities would say that there is nothing to delete
 */
export function mapAll(
  kind: Kind,
  objects: readonly JsonObject[],
  { mapper }: { readonly mapper: Mapper },
): readonly MappedEntity[] {
  return mapper.map(kind, objects).flatMap(({ entities, fault }) => {
    if (fault === undefined) return entities;
    const reason = `the mapping fails: ${fault.reason}`;
    throw fault.permanent ? new UnprocessableError(reason, reason) : new Error(reason);
  });
}

/** What it makes of a single object. @throws as `mapAll` does */
export function mapOne(
  kind: Kind,
  object: JsonObject,
  context: { readonly mapper: Mapper },
): readonly MappedEntity[] {
  return mapAll(kind, [object], context);
}
