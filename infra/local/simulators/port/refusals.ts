import { Refused } from "../http.ts";

/** A refusal in Port's own shape. */
export function refused(status: number, error: string, message: string): Refused {
  return new Refused(message, { status, body: { ok: false, error, message } });
}

export function invalid(message: string): Refused {
  return refused(422, "invalid_request", message);
}

export function notFound(what: string, identifier: string): Refused {
  return refused(404, "not_found", `${what} with identifier ${JSON.stringify(identifier)} was not found`);
}
