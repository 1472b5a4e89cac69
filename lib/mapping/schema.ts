import { parse as parseYaml } from "yaml";
import * as z from "zod/mini";
import { pullRequestStates } from "../config/config.ts";
import { ConfigError } from "../errors.ts";
import { optionNotes } from "./options.ts";

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
  selector: z.optional(
    z.strictObject({
      query: z._default(jq, "true"),
      /** Project keys; none or an empty list: all. */
      projects: z.nullish(z.array(z.string())),
      projectFilterRegex: z.nullish(z.string().check(z.refine(isPattern, "is no regular expression"))),
      /** Which pull requests are imported, where PULL_REQUEST_STATE is not set. */
      state: z.optional(z.enum(pullRequestStates, `is none of ${pullRequestStates.join(", ")}`)),
    }),
  ),
  port: z.strictObject({
    /** Gives a list: the mapping makes an entity for each of its items, which is `.item` then. */
    itemsToParse: z.nullish(jq),
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

export interface MappingFile {
  readonly resources: readonly Resource[];
  /** Sentences about options that do not do here what their names say. */
  readonly notes: readonly string[];
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a mapping file's text: YAML in the format of Port's integrations.
 * @param name how errors call the mapping
 * @throws ConfigError naming every fault with its path in the file
 */
export function parseMappingFile(text: string, name: string): MappingFile {
  let yaml: unknown;
  try {
    yaml = parseYaml(text);
  } catch (error) {
    throw new ConfigError(`The mapping ${name} is not valid YAML`, [
      error instanceof Error ? error.message : "unreadable",
    ]);
  }
  const parsed = mappingFile.safeParse(yaml);
  if (parsed.success)
    return { resources: parsed.data.resources, notes: optionNotes(yaml as Record<string, unknown>) };
  throw new ConfigError(`The mapping ${name} has faults`, parsed.error.issues.map(describeIssue));
}

/** As much of it as maps. @throws as `parseMappingFile` does */
export function parseMapping(text: string, name: string): readonly Resource[] {
  return parseMappingFile(text, name).resources;
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
