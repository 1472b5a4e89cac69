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

/** Texts by the parameters' names; undefined = not set. */
export type ParameterValues = Readonly<Record<string, string | undefined>>;

/**
 * The values of parameters as texts, however they are written in serverless.yml; a list becomes a comma-separated text.
 * @throws whatever osls throws for a parameter that serverless.yml does not have
 */
export async function readValues(
  names: readonly string[],
  resolver: Resolver,
): Promise<{
  readonly values: ParameterValues /** Names of what is no text. */;
  readonly others: readonly string[];
}> {
  const entries = await Promise.all(
    names.map(async (name) => [name, await resolver.resolveVariable(`param:${name}`)] as const),
  );
  return {
    values: Object.fromEntries(entries.map(([name, value]) => [name, text(value)])),
    others: entries.filter(([, value]) => !isText(value)).map(([name]) => name),
  };
}

function text(value: unknown): string | undefined {
  return (isText(value) && String(value ?? "").trim()) || undefined;
}

function isText(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/** Parameters of a stage or of the command line that have no default, and so are misspelt. */
export async function unknownParameters(resolver: Resolver): Promise<string[]> {
  const params = await resolver.resolveConfigurationProperty(["params"]);
  const { default: known = {}, ...stages } = params as Readonly<Record<string, object | undefined>>;
  const given = (resolver.options.param ?? []).map((param) => param.split("=", 1)[0] ?? "");
  const set = [...given, ...Object.values(stages).flatMap((stage) => Object.keys(stage ?? {}))];
  return [...new Set(set)].filter((name) => !Object.hasOwn(known, name));
}
