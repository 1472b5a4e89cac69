import type { Policy } from "../../infra/deployer-policy.ts";
import { listed } from "./template.ts";

/** A call as IAM sees it. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** The condition keys that the call comes with. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether a policy of `Allow` statements allows a call. A key of a condition that the call lacks does not match. */
export function allows(policy: Policy, { action, resource, context }: Question): boolean {
  return policy.Statement.some(
    ({ Action, Resource, Condition = {} }) =>
      Action.includes(action) &&
      listed(Resource).some((pattern) => matches(pattern, resource)) &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys as Record<string, string | string[]>).every(([key, wanted]) =>
          listed(wanted).some((value) => holds(operator, value, context[key])),
        ),
      ),
  );
}

function holds(operator: string, wanted: string, given: string | undefined): boolean {
  if (given === undefined) return false;
  if (operator === "ArnLike") return matches(wanted, given);
  if (operator === "StringEquals") return wanted === given;
  throw new Error(`no such operator here: ${operator}`);
}

function matches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(text);
}
