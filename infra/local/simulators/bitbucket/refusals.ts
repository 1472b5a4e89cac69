import { Refused } from "../http.ts";

/** A refusal in Bitbucket's own shape. */
export function refused(
  status: number,
  message: string,
  exception: string | null = null,
  context: string | null = null,
): Refused {
  const exceptionName = exception === null ? null : `com.atlassian.bitbucket.${exception}`;
  return new Refused(message, { status, body: { errors: [{ context, message, exceptionName }] } });
}

export function badRequest(message: string, context: string | null = null): Refused {
  return refused(400, message, null, context);
}

/** Sends the caller elsewhere, with a body that is a web page's. */
export function redirected(location: string): Refused {
  return new Refused(`elsewhere: ${location}`, { status: 302, body: "", headers: { Location: location } });
}

/** How Bitbucket's REST layer, not Bitbucket itself, answers for an address that it does not know. */
export function noSuchAddress(path: string): Refused {
  const message = `null for uri: ${path}`;
  return new Refused(message, { status: 404, body: { message, "status-code": 404 } });
}
