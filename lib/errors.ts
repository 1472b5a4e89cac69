/**
 * The settings are incomplete or wrong, or what they lead to cannot be worked with. `faults` has one sentence for each,
 * without any secret's value.
 */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly faults: readonly string[];

  constructor(subject: string, faults: readonly string[]) {
    super(`${subject}:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/** A secret gives nothing that could be used: to an operator a setting like others, so that it has their name. */
export class SecretError extends ConfigError {
  /** Whether it has no text, rather than one that we may not see. */
  readonly isUnset: boolean;

  constructor(subject: string, faults: readonly string[], isUnset: boolean) {
    super(subject, faults);
    this.isUnset = isUnset;
  }
}

/** What is known of a call that failed; ids and statuses only, never payloads. */
export interface RequestFailure {
  readonly service: Service;
  /** What was attempted, e.g. `POST /blueprints/{blueprint}/entities/bulk`: never an address with values in it. */
  readonly operation: string;
  /** HTTP status; absent when no answer came (network error, timeout). */
  readonly status?: number | undefined;
  /** The service's machine-readable error, e.g. `not_found`. */
  readonly code?: string | undefined;
  /** Port's `X-Trace-Id`. */
  readonly traceId?: string | undefined;
  /** Where a redirect leads: scheme, host and port. */
  readonly redirectsTo?: string | undefined;
  /** When the service said that a retry makes sense, in ms from now. */
  readonly retryAfterMs?: number | undefined;
}

export type Service = "port" | "bitbucket";

/** What an operator calls each side. */
export const serviceNames: Readonly<Record<Service, string>> = { bitbucket: "Bitbucket", port: "Port" };

/** A call to Port or Bitbucket did not give what it should have. */
export class RequestError extends Error {
  override name = "RequestError";
  readonly failure: RequestFailure;
  /** What an operator can do about it; empty where that is not known. */
  readonly advice: string;

  constructor(failure: RequestFailure, advice = "") {
    const what =
      failure.code === notSignedIn
        ? "does not know us in its answer"
        : failure.status === undefined
          ? "gave no answer"
          : `answered ${failure.status}`;
    super(`${failure.service} ${what} to ${failure.operation}${advice === "" ? "" : `: ${advice}`}`);
    this.failure = failure;
    this.advice = advice;
  }
}

/** The proxy on the way out did not lead to where it should; its message says what to do, never with the proxy's URL. */
export class ProxyError extends Error {
  override name = "ProxyError";
  /** As a RequestFailure has it, e.g. `proxy_407`. */
  readonly code: string;

  constructor(code: string, advice: string) {
    super(advice);
    this.code = code;
  }
}

/** Whether a failure's code says that it was the proxy, not the service. */
export function isProxyCode(code: string | undefined): boolean {
  return code?.startsWith("proxy_") ?? false;
}

/** The code of a proxy that wants to know who we are. */
export const proxyRefusedLogin = "proxy_407";

/** The code of a failure because Bitbucket answered, but as to somebody who is not logged in. */
export const notSignedIn = "not_signed_in";

/** Statuses that speak of the request's content: 400 and 422 (refused), 413 (too large). */
export function isPermanentStatus(status: number | undefined): boolean {
  return status === 400 || status === 413 || status === 422;
}

/** The reason of what was given up because its signal aborted. */
export const outOfTime = "out of time";

/** A signal ended the call or wait. */
export function isOutOfTime(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}

/** A message can never be processed, whatever Port or Bitbucket do: it belongs in the dead-letter queue. */
export class UnprocessableError extends Error {
  override name = "UnprocessableError";
  readonly reason: string;

  constructor(reason: string, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/**
 * Whether Bitbucket did not accept the log-in itself (`IncorrectPasswordAuthenticationException`,
 * `CaptchaRequiredAuthenticationException`), rather than what is asked for.
 */
export function isRefusedLogin({ failure: { status, code = "" } }: RequestError): boolean {
  return (status === 401 || status === 403) && code.endsWith("AuthenticationException");
}

/** Whether the credentials are good, but not for this. */
export function isDenied(error: unknown): boolean {
  if (!(error instanceof RequestError) || isRefusedLogin(error)) return false;
  return error.failure.status === 401 || error.failure.status === 403;
}

/** Whether Bitbucket says that the credentials are good, but may not see this object. */
export function isForbidden(error: RequestError): boolean {
  return isDenied(error) && /Authori[sz]ationException$/.test(error.failure.code ?? "");
}

/** The code of a 404 that is a proxy's or a framework's, not Bitbucket's own. */
export const notBitbucket = "not_bitbucket";

/**
 * Whether waiting may bring a better answer: from an outage, a limit, a proxy without Bitbucket behind it, or a log-in
 * that has to be renewed; not from a permission that is missing, or a 404 of Bitbucket's own.
 */
export function mayPass(error: RequestError): boolean {
  const { status, code } = error.failure;
  return !isDenied(error) && (status !== 404 || code === notBitbucket);
}
