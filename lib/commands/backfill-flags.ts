import { parseArgs } from "node:util";
import { type Config, type Environment, pullRequestStates } from "../config/config.ts";
import { UsageError } from "./run.ts";

export type BackfillFlags = ReturnType<typeof parseBackfillFlags>;

/** @throws UsageError and what parseArgs throws for flags that make no sense */
export function parseBackfillFlags(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      projects: { type: "string" },
      state: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "allow-mass-delete": { type: "boolean", default: false },
      "delete-superseded": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  // Else a variable that is not set would stand for all there are.
  if (values.projects !== undefined && !/[^\s,]/.test(values.projects))
    throw new UsageError("--projects names none");
  return values;
}

/** The settings that flags stand for. @throws UsageError for an unknown state */
export function flagSettings({ projects, state }: BackfillFlags): Environment {
  return {
    // Who names projects wants these and no others.
    ...(projects === undefined ? {} : { BITBUCKET_PROJECTS_FILTER: projects, PERSONAL_PROJECTS: "false" }),
    ...(state === undefined ? {} : { PULL_REQUEST_STATE: stateFlag(state) }),
  };
}

function stateFlag(state: string): Config["pullRequestState"] {
  const found = pullRequestStates.find((known) => known === state.toUpperCase());
  if (found === undefined) throw new UsageError(`--state is none of ${pullRequestStates.join(", ")}`);
  return found;
}
