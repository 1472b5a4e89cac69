/**
 * What osls hands to a function that a variable like `${file(infra/osls.cjs):settings}` names.
 * @see https://github.com/oss-serverless/serverless/blob/main/docs/guides/variables.md
 */
export interface Resolver {
  /** The command line's options. */
  readonly options: { readonly param?: readonly string[] };
  /** The value of a variable, e.g. `param:region`. */
  resolveVariable(variable: string): Promise<unknown>;
  /** A part of serverless.yml. */
  resolveConfigurationProperty(path: readonly string[]): Promise<unknown>;
}

/** Texts by the parameters' names; undefined = not set, or set to a part of the stack such as a `!Ref`. */
export type ParameterValues = Readonly<Record<string, string | undefined>>;

/** @throws whatever osls throws for a parameter that serverless.yml does not have */
export async function readValues(names: readonly string[], resolver: Resolver): Promise<ParameterValues> {
  const values = names.map(async (name) => [name, text(await resolver.resolveVariable(`param:${name}`))]);
  return Object.fromEntries(await Promise.all(values));
}

function text(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  return String(value).trim() || undefined;
}

/** Parameters of a stage or of the command line that have no default, and so are misspelt. */
export async function unknownParameters(resolver: Resolver): Promise<string[]> {
  const params = await resolver.resolveConfigurationProperty(["params"]);
  const { default: known = {}, ...stages } = params as Readonly<Record<string, object | undefined>>;
  const given = (resolver.options.param ?? []).map((param) => param.split("=", 1)[0] ?? "");
  const set = [...given, ...Object.values(stages).flatMap((stage) => Object.keys(stage ?? {}))];
  return [...new Set(set)].filter((name) => !Object.hasOwn(known, name));
}
