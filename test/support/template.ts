import type { Template, TemplateResource } from "./package-stack.ts";

/** The resources of a type, by their logical ids. */
export function resourcesOf(template: Template, type: string): [string, TemplateResource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
export function target(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    if ("Ref" in value) return String(value.Ref);
    if ("Fn::GetAtt" in value && Array.isArray(value["Fn::GetAtt"])) return String(value["Fn::GetAtt"][0]);
  }
  throw new Error(`not a reference: ${JSON.stringify(value)}`);
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

/** All that a role may do: its own policies and those that are attached to it. */
export function statementsOf(template: Template, roleId: string): Statement[] {
  const own = template.Resources[roleId]?.Properties["Policies"] ?? [];
  const attached = resourcesOf(template, "AWS::IAM::Policy")
    .map(([, { Properties }]) => Properties)
    .filter(({ Roles }) => Roles.some((role: unknown) => target(role) === roleId));
  return [...own, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Statement[]);
}

export function listed<T>(value: T | readonly T[]): readonly T[] {
  return (Array.isArray(value) ? value : [value]) as readonly T[];
}
