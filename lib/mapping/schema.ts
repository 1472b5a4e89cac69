import { parse as parseYaml } from "yaml";
import * as z from "zod/mini";
import { ConfigError } from "../errors.ts";

/** A jq expression. */
const jq = z.string("has to be a jq expression, as a string");

const expressions = z.pipe(
  z.nullish(z.record(z.string(), jq)),
  z.transform((it) => it ?? {}),
);

const resource = z.strictObject({
  kind: z.enum(
    ["project", "repository", "pull-request", "user"],
    "is none of project, repository, pull-request, user",
  ),
  selector: z.optional(z.strictObject({ query: jq })),
  port: z.strictObject({
    entity: z.strictObject({
      mappings: z.strictObject({
        identifier: jq,
        title: z.optional(jq),
        icon: z.optional(jq),
        team: z.optional(jq),
        blueprint: jq,
        properties: expressions,
        relations: expressions,
      }),
    }),
  }),
});

const mappingFile = z.object({ resources: z.array(resource).check(z.minLength(1, "is empty")) });

export type Resource = z.infer<typeof resource>;

/**
 * Reads a mapping file's text: YAML in the format of Port's integrations.
 * @param name how errors call the mapping
 * @throws ConfigError naming every fault with its path in the file
 */
export function parseMapping(text: string, name: string): readonly Resource[] {
  let yaml: unknown;
  try {
    yaml = parseYaml(text);
  } catch (error) {
    throw new ConfigError(`The mapping ${name} is not valid YAML`, [
      error instanceof Error ? error.message : "unreadable",
    ]);
  }
  const parsed = mappingFile.safeParse(yaml);
  if (parsed.success) return parsed.data.resources;
  throw new ConfigError(`The mapping ${name} has faults`, parsed.error.issues.map(describeIssue));
}

function describeIssue(issue: {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}): string {
  const path = issue.path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : `${text}${text === "" ? "" : "."}${String(part)}`,
    "",
  );
  return `${path === "" ? "the file" : path}: ${issue.keys === undefined ? issue.message : `does not know ${issue.keys.join(", ")}`}`;
}
