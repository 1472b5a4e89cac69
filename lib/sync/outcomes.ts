import { describeError, log } from "../aws/log.ts";
import { isOutOfTime, isPermanentStatus, outOfTime, RequestError, UnprocessableError } from "../errors.ts";

/** What stands against a message being done. */
export interface Failure {
  readonly permanent: boolean;
  /** A machine-readable cause, e.g. `422 invalid_request` or `no_identifier`. */
  readonly reason: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** What becomes of a message. */
export type Outcome =
  | { readonly type: "done" }
  /** Back to the queue, for as long as the service said (ms), when it said. */
  | { readonly type: "retry"; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly type: "dead"; readonly reason: string; readonly status?: number }
  /** To be looked at again at once, because what took its place failed or was not there. */
  | { readonly type: "again" };

/** Collects what happens to each message of a batch, by position. */
export interface OutcomeCollector {
  fail(sources: readonly number[], failure: Failure): void;
  /** The messages are done only if what took their place works. */
  again(sources: readonly number[]): void;
  failed(source: number): boolean;
  outcome(source: number): Outcome;
}

export function createOutcomeCollector(): OutcomeCollector {
  const failures = new Map<number, Failure[]>();
  const repeats = new Set<number>();

  return {
    fail(sources, failure) {
      for (const source of sources) failures.set(source, [...(failures.get(source) ?? []), failure]);
    },
    again(sources) {
      for (const source of sources) repeats.add(source);
    },
    failed: (source) => failures.has(source) || repeats.has(source),
    outcome(source) {
      const own = failures.get(source) ?? [];
      const permanent = own.find((failure) => failure.permanent);
      if (permanent !== undefined) {
        const { reason, status } = permanent;
        return { type: "dead", reason, ...(status === undefined ? {} : { status }) };
      }
      const [first] = own;
      if (first !== undefined) {
        const retryAfterMs = Math.max(0, ...own.map((failure) => failure.retryAfterMs ?? 0));
        return { type: "retry", reason: first.reason, ...(retryAfterMs === 0 ? {} : { retryAfterMs }) };
      }
      return repeats.has(source) ? { type: "again" } : { type: "done" };
    },
  };
}

/** The failure that a service's answer stands for. */
export function failureOf(answer: {
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}): Failure {
  const { status, code, retryAfterMs } = answer;
  const reason = [status, code].filter((part) => part !== undefined).join(" ");
  return { permanent: isPermanentStatus(status), reason, status, retryAfterMs };
}

/** What an error means for the messages that met it. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof UnprocessableError) return { permanent: true, reason: error.reason };
  if (error instanceof RequestError) {
    const failure = failureOf(error.failure);
    if (error.failure.service === "port" && error.failure.status === 404) {
      return { ...failure, permanent: false, reason: "port 404: a blueprint is missing, run setup" };
    }
    // Only a refused write speaks of the message; a read that is refused is for an operator to mend.
    const advice = error.advice === "" ? "" : `: ${error.advice}`;
    return { ...failure, permanent: false, reason: `${error.failure.service} ${failure.reason}${advice}` };
  }
  if (isOutOfTime(error)) return { permanent: false, reason: outOfTime };
  log("error", "unexpected error", describeError(error));
  return { permanent: false, reason: "unexpected error" };
}
