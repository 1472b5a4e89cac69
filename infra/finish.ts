import { checkNames } from "./finish/names.ts";
import { finishRole } from "./finish/roles.ts";
import type { Resource, Stack } from "./template.ts";

/** A whole template, as osls has compiled it. */
export interface CompiledTemplate {
  Resources: Readonly<Record<string, Resource>>;
}

/**
 * Changes a template in what concerns every resource of a kind, wherever it comes from.
 * @throws ConfigError when AWS would not take a name
 */
export function finishTemplate(template: CompiledTemplate, stack: Stack): void {
  template.Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [id, finishRole(id, resource, stack)]),
  );
  checkNames(template.Resources, stack.stage, stack.iamRoleNamePrefix);
}
