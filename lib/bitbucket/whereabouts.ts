import type { RequestError } from "../errors.ts";
import type { HttpAnswer } from "../http/request.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { type Address, type Place, parseLink, sameAddress, within } from "./address.ts";
import { field, hasTextDates, objectAddress, textField, withEpochDates } from "./objects.ts";
import { restAddress } from "./path.ts";

/**
 * What Bitbucket says of an address. An answer alone says little: after a rename the old address may go on answering,
 * with the renamed object, a redirect or an error, and somebody else may have taken the address over.
 */
export type Whereabouts =
  /** The object at this very address; `at` is when, in epoch ms of Bitbucket's own clock (whole seconds), where it says. */
  | { readonly is: "here"; readonly object: JsonObject; readonly at: number | undefined }
  /** Renamed or moved, to this address where the answer tells it. Nothing is at the address that was asked for. */
  | { readonly is: "elsewhere"; readonly address: Address | undefined }
  /** Bitbucket itself says that there is no such object; `what` is not there, the object or what it lies in. */
  | { readonly is: "gone"; readonly what: Place["kind"] }
  /** Nobody can tell: not allowed, not well, or not Bitbucket that answered. */
  | { readonly is: "unknown"; readonly error: RequestError };

/** What Bitbucket's 404 has to name for an object of a kind to be gone: it, or what it lies in. */
const containers: Readonly<Record<Place["kind"], readonly Place["kind"][]>> = {
  project: ["project"],
  repository: ["project", "repository"],
  "pull-request": ["project", "repository", "pull-request"],
  user: ["user"],
};
const absences: Readonly<Record<Place["kind"], RegExp>> = {
  project: /(^|\.)NoSuchProjectException$/,
  repository: /(^|\.)NoSuchRepositoryException$/,
  "pull-request": /(^|\.)NoSuchPullRequestException$/,
  user: /(^|\.)NoSuchUserException$/,
};

const moved = /(^|\.)(Repository|Project)MovedException$/;

/** Full names of the exceptions that an error answer names; empty for a proxy's or a framework's answer. */
export function exceptionNames(answer: HttpAnswer): string[] {
  const errors = field(answer.json, "errors");
  return Array.isArray(errors) ? errors.flatMap((error) => textField(error, "exceptionName") ?? []) : [];
}

/** Whether an error answer names a class of exceptions. */
export function names(answer: HttpAnswer, exception: RegExp): boolean {
  return exceptionNames(answer).some((name) => exception.test(name));
}

/** Whether an answer, whatever its status, says that what was asked for has moved. */
export function saysMoved(answer: HttpAnswer): boolean {
  return names(answer, moved);
}

/** Whether a failed answer still says where an object is, so that asking again would change nothing. */
export function tellsWhereabouts(answer: HttpAnswer): boolean {
  const redirects = answer.status >= 300 && answer.status < 400;
  return redirects || answer.status === 404 || names(answer, moved);
}

/**
 * Reads the answer to the question for an object.
 * @param url the address that was asked, which a redirect may be relative to
 * @param otherwise the error for an answer that says nothing
 */
export function readWhereabouts(
  address: Address,
  answer: HttpAnswer,
  url: string,
  otherwise: () => RequestError,
): Whereabouts {
  const unknown = (): Whereabouts => ({ is: "unknown", error: otherwise() });
  if (names(answer, moved)) return { is: "elsewhere", address: undefined };
  if (answer.status >= 300 && answer.status < 400) {
    const now = redirectTarget(answer, url);
    if (now === undefined || within(now, address)) return unknown();
    if (now.kind === address.kind) return { is: "elsewhere", address: now };
    // A project with another key: what lies in it is not here any more, either.
    return containers[address.kind].includes(now.kind) ? { is: "elsewhere", address: undefined } : unknown();
  }
  if (answer.status === 404) return readAbsence(address.kind, answer) ?? unknown();
  if (answer.status >= 400 || !isJsonObject(answer.json)) return unknown();
  const own = objectAddress(address.kind, answer.json);
  if (own === undefined) return unknown();
  if (!sameAddress(own, address)) return { is: "elsewhere", address: own };
  const object = hasTextDates(answer.text) ? withEpochDates(answer.json) : answer.json;
  return { is: "here", object, at: answeredAt(answer) };
}

/** The same for a user, by slug. Not every version may know the address, so that any other 404 proves nothing. */
export function readUserWhereabouts(
  slug: string,
  answer: HttpAnswer,
  otherwise: () => RequestError,
): Whereabouts {
  const absence = answer.status === 404 ? readAbsence("user", answer) : undefined;
  if (absence !== undefined) return absence;
  const own = answer.status < 300 ? textField(answer.json, "slug") : undefined;
  if (own === undefined || !isJsonObject(answer.json)) return { is: "unknown", error: otherwise() };
  if (own.toLowerCase() !== slug.toLowerCase()) return { is: "elsewhere", address: undefined };
  return { is: "here", object: answer.json, at: answeredAt(answer) };
}

function readAbsence(kind: Place["kind"], answer: HttpAnswer): Whereabouts | undefined {
  const what = containers[kind].find((it) => names(answer, absences[it]));
  return what && { is: "gone", what };
}

/** Redirects are read and never followed: their target may be anybody's. */
function redirectTarget(answer: HttpAnswer, url: string): Address | undefined {
  const location = answer.headers.get("location");
  if (location === null || !URL.canParse(location, url)) return undefined;
  const target = new URL(location, url).href;
  return restAddress(target) ?? parseLink(target)?.address;
}

function answeredAt({ headers }: HttpAnswer): number | undefined {
  const at = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}
