import type { PortSimulator } from "../../../infra/local/simulators/port/server.ts";
import type { Tip, Told } from "./tips.ts";

type Found = ReturnType<PortSimulator["entities"]>[number];

/** What Port has otherwise than the tips define, as sentences. */
export function wrongIn(
  simulator: PortSimulator,
  prefix: string,
  tips: readonly Tip[],
  byHand: readonly string[],
): string[] {
  const found = new Map<string, Found>(
    ["service", "team"].flatMap((blueprint) =>
      simulator
        .entities(blueprint)
        .filter(({ identifier }) => identifier.startsWith(`${prefix}-`))
        .map((entity) => [`${blueprint}:${entity.identifier}`, entity] as const),
    ),
  );
  const isDoubtful = tips.some((tip) => tip.isDoubtful);
  const wrong: string[] = [];
  const told = Map.groupBy(
    tips.flatMap(({ defined }) => [...defined]),
    ([name]) => name,
  );
  for (const [name, several] of told) {
    const entity = found.get(name);
    if (entity === undefined) {
      wrong.push(`${name} is missing`);
      continue;
    }
    if (isDoubtful) continue;
    const differences = several.map(([, one]) => differencesOf(entity, one, found));
    if (differences.every(({ length }) => length > 0)) wrong.push(`${name}: ${differences[0]?.join(", ")}`);
  }
  for (const name of byHand) {
    const entity = found.get(name);
    const { contacts, lead } = entity?.properties ?? {};
    if (contacts === undefined && lead === undefined) wrong.push(`${name} is not as it was put by hand`);
    if (entity !== undefined && !isDoubtful && !told.has(name)) {
      const rest = differencesOf(entity, { identifier: "", properties: {}, relations: {} }, found);
      if (rest.length > 0) wrong.push(`${name} keeps what no file says: ${rest.join(", ")}`);
    }
  }
  for (const [name, { title }] of found) {
    if (title === undefined || title === "") wrong.push(`${name} is bare`);
    if (told.has(name) || byHand.includes(name) || isDoubtful) continue;
    if (!isReferredTo(name, found)) wrong.push(`${name} is defined nowhere`);
  }
  return wrong;
}

const properties = ["tier", "readme", "name"];

function differencesOf(entity: Found, told: Told, found: ReadonlyMap<string, Found>): string[] {
  const differences = properties.flatMap((name) => {
    if (told.stays?.includes(name)) return [];
    const [is, should] = [entity.properties[name] ?? null, told.properties[name] ?? null];
    return is === should ? [] : [`${name} is ${is}, not ${should}`];
  });
  // One that no file named may be somebody's own.
  const titles = told.title === undefined ? [entity.identifier, "By hand"] : [told.title];
  if (!titles.includes(entity.title ?? ""))
    differences.push(`title is ${entity.title}, not ${titles.join(" or ")}`);
  for (const [name, target] of [
    ["uses", "service"],
    ["team", "team"],
  ] as const) {
    const should = listOf(told.relations[name]).filter((identifier) => found.has(`${target}:${identifier}`));
    const is = listOf(entity.relations[name]);
    if (should.toSorted().join() !== is.toSorted().join())
      differences.push(`${name} is ${is.join() || "nothing"}, not ${should.join() || "nothing"}`);
  }
  return differences;
}

/** Port keeps what others relate to. */
function isReferredTo(name: string, found: ReadonlyMap<string, Found>): boolean {
  const [blueprint, identifier = ""] = name.split(":");
  const relation = blueprint === "team" ? "team" : "uses";
  return [...found].some(
    ([other, { relations }]) => other !== name && listOf(relations[relation]).includes(identifier),
  );
}

function listOf(value: string | readonly string[] | null | undefined): string[] {
  return value === null || value === undefined ? [] : [value].flat();
}
