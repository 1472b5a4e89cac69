import type { Entity } from "../../infra/local/simulators/port/server.ts";
import {
  blueprintNames,
  type Catalog,
  type ExpectedEntity,
  fieldsOf,
  keyOf,
  textOf,
  type Value,
} from "./catalog.ts";
import type { Violation } from "./violation.ts";
import type { Witness } from "./witness.ts";

/** Compares what Port has with what it should have, entity by entity. */
export function compare(
  entities: (blueprint: string) => readonly Entity[],
  { expected: expectedNow, history }: Pick<Witness, "expected" | "history">,
  at: number,
): Violation[] {
  const expected = expectedNow();
  const objects = new Set([...expected.values()].map(({ object }) => object));
  const found = new Map<string, Entity>();
  for (const blueprint of blueprintNames) {
    for (const entity of entities(blueprint))
      found.set(keyOf({ blueprint, identifier: entity.identifier }), entity);
  }
  const wrong: Violation[] = [];
  for (const [key, entity] of expected) {
    const there = found.get(key);
    if (there !== undefined) wrong.push(...differences(key, entity, there, at));
    else if (!entity.optional)
      wrong.push({ kind: "missing", at, key, what: `${entity.object} is not in Port` });
  }
  for (const [key, entity] of found) {
    if (expected.has(key)) continue;
    const { title, "properties.link": link, "properties.url": url } = fieldsOf(entity);
    const was = history.states(key).findLast((state) => state.entity !== undefined)?.entity;
    if (was !== undefined && mayBeMeant(was, expected)) continue;
    const lives = entity.blueprint === "bitbucketUser" && was !== undefined && objects.has(was.object);
    wrong.push({
      kind: lives ? "old identity" : "extra",
      at,
      key,
      what: `nothing in Bitbucket: ${title}, ${link ?? url}`,
    });
  }
  return wrong;
}

/**
 * Whether texts may mean this former identity of somebody who left: they call him by his display name, and he has no
 * e-mail address. Nobody can tell then which of his entities they mean, or whether these are two people, so both stay.
 */
function mayBeMeant(was: ExpectedEntity, expected: Catalog): boolean {
  const all = [...expected.values()];
  const name = was.fields["title"];
  const isSame = ({ blueprint, object }: ExpectedEntity) =>
    blueprint === "bitbucketUser" && blueprint === was.blueprint && object === was.object;
  const now = all.filter(isSame);
  const shown = all.flatMap(({ fields }): Value[] =>
    ["properties.owner", "properties.reviewers"].flatMap((field) => fields[field]),
  );
  return (
    now.length > 0 &&
    now.every(({ optional, fields }) => optional && fields["title"] === name) &&
    shown.includes(name)
  );
}

function differences(
  key: string,
  { object, fields }: ExpectedEntity,
  entity: Entity,
  at: number,
): Violation[] {
  const there = fieldsOf(entity);
  if (there["title"] === undefined && Object.keys(entity.properties).length === 0)
    return [{ kind: "bare", at, key, what: `${object} was never filled in` }];
  const wrong = Object.keys({ ...fields, ...there })
    .filter((field) => textOf(fields[field]) !== textOf(there[field]))
    .map((field) => `${field} is ${textOf(there[field])}, not ${textOf(fields[field])}`);
  return wrong.length === 0 ? [] : [{ kind: "differs", at, key, what: `${object}: ${wrong.join(", ")}` }];
}
