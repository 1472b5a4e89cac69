import type { Scope } from "./scope.ts";

/** What somebody may do who deploys resources of these types. */
export interface Grant {
  readonly sid: string;
  /** CloudFormation's types that need it. */
  readonly types: readonly string[];
  readonly actions: readonly string[];
  /** ARNs, or `*` where the actions take no other. */
  readonly on: (scope: Scope) => readonly string[];
  readonly condition?: (scope: Scope) => object | undefined;
}

export const everything = () => ["*"];
