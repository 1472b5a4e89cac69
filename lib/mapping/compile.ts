import type { Jq } from "jq-wasm/inline";
import { ConfigError } from "../errors.ts";
import { compileFaults } from "./compile-faults.ts";
import { inProjects } from "./in-projects.ts";
import { type Expressions, expressionsOf, programOf } from "./program.ts";
import type { Resource } from "./schema.ts";
import { type Traits, traitsOf } from "./traits.ts";

/** A kind's resources, ready to be evaluated. */
export interface Compiled {
  readonly resources: readonly Expressions[];
  readonly traits: readonly Traits[];
  readonly inProjects: readonly ReturnType<typeof inProjects>[];
  readonly program: string;
}

/**
 * Compiles a mapping: one jq program a kind.
 * @param name how errors call the mapping
 * @throws ConfigError naming every expression that is not valid jq
 */
export function compileMapping(
  jq: Jq,
  resources: readonly Resource[],
  name: string,
): ReadonlyMap<string, Compiled> {
  const all = resources.map(expressionsOf);
  const faults = compileFaults(jq, all);
  if (faults.length > 0) throw new ConfigError(`The mapping ${name} has faults`, faults);

  const byKind = new Map<string, Compiled>();
  for (const kind of new Set(resources.map((resource) => resource.kind))) {
    const own = all.filter(({ index }) => resources[index]?.kind === kind);
    byKind.set(kind, {
      resources: own,
      traits: own.map(traitsOf),
      inProjects: resources.filter((resource) => resource.kind === kind).map(inProjects),
      program: programOf(own),
    });
  }
  return byKind;
}
