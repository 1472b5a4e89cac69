import { keyOf } from "../port/entity.ts";
import { mapOne, toEntity } from "../sync/map.ts";
import type { GitopsContext, RepositoryTip } from "./context.ts";
import type { Definition } from "./definition.ts";
import { metaOf } from "./names.ts";
import { recordBlueprint } from "./record.ts";

/** What no file may write, whatever the settings say: it would take the place of what Bitbucket itself says. */
const neverWritten = new Set(["bitbucketPullrequest", "bitbucketUser", "bitbucketProject", recordBlueprint]);

export type Allowed =
  | { readonly definition: Definition; readonly problems: readonly string[] }
  | { readonly refused: string };

/** Whether a file of a repository may write an entity, and which of its fields. */
export function allow(
  definition: Definition,
  repository: RepositoryTip,
  { settings, mapped, mapper }: Pick<GitopsContext, "settings" | "mapped" | "mapper">,
): Allowed {
  const { blueprint } = definition;
  const refused = (why: string) => ({ refused: `${whereOf(definition)}: ${why}` });
  if (blueprint.includes(":"))
    return refused(`a blueprint with a colon (${blueprint}) cannot be kept track of`);
  if (blueprint.startsWith("_") || neverWritten.has(blueprint))
    return refused(`files may not write blueprint ${blueprint}`);
  const isNamed = settings.blueprints.has(blueprint);
  if (settings.blueprints.size > 0 && !isNamed)
    return refused(`GITOPS_BLUEPRINTS does not name blueprint ${blueprint}`);
  const set = mapped.get(blueprint);
  if (set === undefined) return { definition, problems: [] };
  if (!isNamed)
    return refused(
      `blueprint ${blueprint} is filled from Bitbucket: it has to be named in GITOPS_BLUEPRINTS`,
    );
  const own = mapOne("repository", repository.object, { mapper }).map((entity) => keyOf(toEntity(entity)));
  if (!own.includes(keyOf(definition)))
    return refused(`of blueprint ${blueprint} a file may only add to its own repository's entity`);
  return withoutFields(definition, set);
}

/** Without what the mapping sets, as it always does the title. */
function withoutFields(given: Definition, set: ReadonlySet<string>): Allowed {
  const split = <Value>(fields: Readonly<Record<string, Value>>) => {
    const entries = Object.entries(fields);
    return {
      kept: Object.fromEntries(entries.filter(([name]) => !set.has(name))),
      dropped: entries.map(([name]) => name).filter((name) => set.has(name)),
    };
  };
  const properties = split(given.properties);
  const relations = split(given.relations);
  const meta = metaOf(given).filter((field) => field === "title" || set.has(`$${field}`));
  const dropped = [...meta, ...properties.dropped, ...relations.dropped];
  const rest = Object.fromEntries(
    Object.entries(given).filter(([key]) => !meta.some((field) => field === key)),
  );
  const definition = {
    ...(rest as unknown as Definition),
    properties: properties.kept,
    relations: relations.kept,
  };
  return {
    definition,
    problems: dropped.map((name) => `${whereOf(given)}: ${name} comes from Bitbucket and is left out`),
  };
}

/** e.g. `line 3, service "docs"`. */
export function whereOf({ place, blueprint, identifier }: Definition): string {
  return `line ${place.line}, ${blueprint} "${identifier}"`;
}
