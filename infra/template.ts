import type { Resolver } from "./parameters/resolver.ts";
import type { Settings } from "./parameters/settings.ts";

/** A piece of a CloudFormation template, as osls takes it under `resources`. */
export interface TemplatePiece {
  readonly Resources?: Readonly<Record<string, Resource>>;
  /** Changes to resources that osls makes itself. */
  readonly extensions?: Readonly<Record<string, Omit<Resource, "Type">>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

/** What a piece is made from. */
export interface Stack extends Settings {
  /** `bitbucket-port-sync-prod`: what every name in the account begins with. */
  readonly prefix: string;
  readonly stage: string;
}

/** Keys of the functions in serverless.yml. */
export const functionKeys = ["webhook", "consumer", "backfill", "resync", "setup"] as const;
export type FunctionKey = (typeof functionKeys)[number];

/** The logical id that osls gives a function. */
export function functionId(key: FunctionKey): string {
  return `${capitalized(key)}LambdaFunction`;
}

/** `live` → `Live`. */
export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The settings as serverless.yml has them, checked. */
export async function readStack(resolver: Resolver): Promise<Stack> {
  const [service, stage] = await Promise.all(
    ["self:service", "sls:stage"].map((variable) => resolver.resolveVariable(variable)),
  );
  const settings = await resolver.resolveConfigurationProperty(["custom", "settings"]);
  return { ...(settings as Settings), prefix: `${service}-${stage}`, stage: String(stage) };
}
