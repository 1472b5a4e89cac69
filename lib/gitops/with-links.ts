import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Definition } from "./definition.ts";
import { isLink } from "./link-target.ts";
import type { LinkedFile } from "./linked-file.ts";
import { nameOf } from "./problem.ts";
import { type Content, createLinkReader, replaceLinks } from "./replace-links.ts";
import { quote } from "./text.ts";

/** A definition with the contents of files in place of links to them. */
export interface Resolved {
  /** Without the properties, relations and others of which a link has no content: they stay as they are in Port. */
  readonly definition: Definition;
  /** Sentences for people, about what is left out. */
  readonly problems: readonly string[];
}

/**
 * Puts files in place of links.
 * @param contents by path from the repository's root, for all targets that `linksOf` tells
 * @param isObject whether a property takes objects: there, JSON and YAML files become what they say
 */
export function withLinks(
  definition: Definition,
  contents: ReadonlyMap<string, LinkedFile>,
  isObject: (property: string) => boolean,
): Resolved {
  const { title, icon, team, properties, relations, place, ...names } = definition;
  const links = createLinkReader(place.path, contents);
  const problems: string[] = [];
  function put(label: string, content: Content): Json | undefined {
    if ("value" in content) return content.value;
    problems.push(`${nameOf({ ...names, line: place.line })}: ${label} stays as it is: ${content.fault}.`);
    return undefined;
  }
  const named = (label: string, value: Json | undefined) =>
    value === undefined
      ? undefined
      : put(
          label,
          replaceLinks(value, (link) => trimmed(links.text(link))),
        );
  const property = (key: string, value: Json) =>
    put(
      `property ${quote(key)}`,
      isObject(key) ? objectOf(value, links.data) : replaceLinks(value, links.text),
    );
  return {
    definition: {
      ...names,
      ...present({ title: named("title", title), icon: named("icon", icon), team: named("team", team) }),
      properties: present(mapValues(properties, property)),
      relations: present(mapValues(relations, (key, value) => named(`relation ${quote(key)}`, value))),
      place,
    },
    problems,
  };
}

/** The value of a property that takes objects: Port would refuse the entity for a list or a text from a file. */
function objectOf(value: Json, read: (link: string) => Content): Content {
  const content = replaceLinks(value, read);
  if (typeof value !== "string" || !isLink(value) || "fault" in content || isJsonObject(content.value))
    return content;
  return { fault: `${quote(value)} holds no object` };
}

/** Editors end a file with a line break, which is no part of a name. */
function trimmed(content: Content): Content {
  return "value" in content && typeof content.value === "string" ? { value: content.value.trim() } : content;
}

function mapValues(
  object: Readonly<JsonObject>,
  map: (key: string, value: Json) => Json | undefined,
): Record<string, Json | undefined> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(key, value)]));
}

function present(values: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}
