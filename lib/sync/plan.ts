import type { Entity } from "../port/entity.ts";
import { type Candidate, compareVersions, type Version } from "./candidate.ts";
import { dateOf, differs } from "./difference.ts";
import { isBare, wanted } from "./payload.ts";

/** What was last done to an entity, as far as this process remembers. */
export interface Remembered {
  readonly version: Version;
  /** Set when it was deleted; the object's creation date tells it from a successor of the same name. Epoch ms. */
  readonly gone?: { readonly createdDate?: number | undefined };
}

/**
 * `present`: it only had to be there, and is. `ask`: what is known does not prove which state is the newer one, or
 * whether the object is still there.
 */
export type Decision = "create" | "update" | "unchanged" | "present" | "older" | "ask";

/** What is known besides the candidate and the entity. */
export interface Knowledge {
  /** What this process last did to the entity: a hint that saves questions. */
  readonly remembered?: Remembered | undefined;
  /** The same for what it relates to; for candidates that are taken at their word. */
  readonly targets?: readonly Remembered[];
  /** Epoch ms. */
  readonly now: number;
}

/** Of an event that is older than this, in ms, later ones may have been consumed or lost by now. */
const freshMs = 10_000;

/**
 * What to do about a candidate. Pure: all that is known comes in.
 * @param existing what Port has: the fields that the candidate sets, or undefined when there is no such entity
 */
export function decide(candidate: Candidate, existing: Entity | undefined, knowledge: Knowledge): Decision {
  const { intent, kind, version } = candidate;
  const { proof = "event" } = version;
  if (proof === "word") return decideAtItsWord(candidate, existing, knowledge);
  // Users have no address to be asked at; whoever is named is to be there.
  if (existing === undefined) return proof === "event" && kind !== "user" ? "ask" : "create";
  if (intent === "ensure") return isBare(candidate, existing) ? "update" : "present";
  const same = !differs(wanted(candidate), existing);
  // A refresh was read from Bitbucket just now.
  if (proof === "asked" || intent === "refresh") return same ? "unchanged" : "update";
  if (isAnother(candidate, existing)) return "ask";
  if (same) return "unchanged";
  const age = compareDates(candidate, existing);
  if (proof === "listed") return age < 0 ? "ask" : "update";
  if (age < 0 || isCovered(version, knowledge.remembered)) return "older";
  return age > 0 && isFresh(version, knowledge.now) ? "update" : "ask";
}

/**
 * The same where Bitbucket cannot be asked: the newest that was heard wins, as far as Port and this process's memory
 * tell.
 */
function decideAtItsWord(
  candidate: Candidate,
  existing: Entity | undefined,
  { remembered, targets = [] }: Knowledge,
): Decision {
  if (remembered?.gone !== undefined && !isReborn(candidate, remembered)) return "older";
  // A state from before its repository was renamed is of the past.
  if (targets.some((target) => target.gone !== undefined && !isLater(candidate, target))) return "older";
  if (existing === undefined) return "create";
  if (candidate.intent === "ensure") return isBare(candidate, existing) ? "update" : "present";
  if (candidate.intent === "write" && isOvertaken(candidate, existing, remembered)) return "older";
  return differs(wanted(candidate), existing) ? "update" : "unchanged";
}

/** Another object had the entity's identifier before, or has it by now: a slug or a number that was used again. */
export function isAnother(candidate: Candidate, existing: Entity): boolean {
  return !sameMoment(candidate.createdDate, dateOf(existing, candidate.roles.created));
}

/** True as well when one is not known. A mapping may cut dates to seconds. */
export function sameMoment(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return true;
  const isCut = a % 1000 === 0 || b % 1000 === 0;
  return isCut && Math.floor(a / 1000) === Math.floor(b / 1000);
}

/** Bitbucket was asked for this object after the event happened: what it showed was written then. */
function isCovered({ date }: Version, remembered: Remembered | undefined): boolean {
  const at = remembered?.version.at;
  return date !== undefined && at !== undefined && date < at;
}

function isFresh({ date }: Version, now: number): boolean {
  return date !== undefined && Math.abs(now - date) <= freshMs;
}

/** Below 0 when Port's state is the newer one, 0 when their dates do not tell. */
function compareDates(candidate: Candidate, existing: Entity): number {
  const { version, state } = candidate.roles;
  const ours = dateOf(candidate.entity, version);
  const theirs = dateOf(existing, version);
  if (ours === undefined || theirs === undefined) return 0;
  if (ours !== theirs) return ours - theirs;
  // Equal as far as Port can tell, because a mapping may cut dates to seconds: a merge is final.
  const isMerged = (entity: Entity) => state !== undefined && entity.properties[state] === "MERGED";
  return isMerged(existing) && !isMerged(candidate.entity) ? -1 : 0;
}

function isOvertaken(candidate: Candidate, existing: Entity, remembered: Remembered | undefined): boolean {
  if (remembered !== undefined && compareVersions(candidate.version, remembered.version) < 0) return true;
  return !isAnother(candidate, existing) && compareDates(candidate, existing) < 0;
}

/** A pull request number or a slug can come back after the object that had it was deleted. */
function isReborn(candidate: Candidate, remembered: Remembered): boolean {
  const deleted = remembered.gone?.createdDate;
  if (candidate.createdDate !== undefined && deleted !== undefined) return candidate.createdDate > deleted;
  return isLater(candidate, remembered);
}

/** True as well when nobody can tell: what may be new is not thrown away. */
function isLater(candidate: Candidate, { version }: Remembered): boolean {
  const { date } = candidate.version;
  return date === undefined || version.date === undefined || date > version.date;
}
