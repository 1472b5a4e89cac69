import type { Entry } from "./entries.ts";
import { meantKey } from "./key.ts";
import { quote } from "./text.ts";

/** What templates of Helm, Jinja, Ansible or Cookiecutter have, which makes them no YAML. */
const template = /^(\{[{%]|[ \t-]*"?(identifier|blueprint)"?[ \t]*:.*\{\{)/m;
const templateMark = /\{[{%]/;

/** Why a text that is no YAML is none of ours, as a sentence; undefined when it may well be. */
export function templateReason(text: string): string | undefined {
  const found = template.exec(text);
  if (found === null) return undefined;
  return `Not a file of entities but a template: ${quote(found[0].trim())}.`;
}

/**
 * Why a file is about something else (an Argo CD application, a playbook, a mapping, a schema), as a sentence.
 * Undefined when anything in it could be an entity, or one with a typo: of such a file nothing may get lost.
 */
export function somethingElse(entries: readonly Entry[], text: string): string | undefined {
  const [first] = entries;
  if (first === undefined) return undefined;
  const likely = entries.filter(isLikeEntity);
  if (likely.length === 0) {
    const keys = [...(first.keys?.keys() ?? [])].slice(0, 5).map(quote);
    const has = keys.length === 0 ? "no keys" : `the keys ${keys.join(", ")}`;
    return `Not a file of entities: nothing in it has an identifier or a blueprint. Line ${first.line} has ${has}.`;
  }
  if (likely.every((entry) => isTemplate(entry, text)))
    return `Not a file of entities but a template: line ${likely[0]?.line} has {{ }} in identifier or blueprint.`;
  if (entries.every(isBlueprint))
    return "Not a file of entities: it describes blueprints, with identifier and schema.";
  return undefined;
}

function isLikeEntity({ keys }: Entry): boolean {
  return [...(keys?.keys() ?? [])].some((key) => {
    const meant = meantKey(key);
    return meant === "identifier" || meant === "blueprint";
  });
}

function isTemplate({ keys }: Entry, text: string): boolean {
  return ["identifier", "blueprint"].some((name) => {
    const [start = 0, end = 0] = keys?.get(name)?.range ?? [];
    return templateMark.test(text.slice(start, end));
  });
}

function isBlueprint({ keys }: Entry): boolean {
  return keys?.has("identifier") === true && keys.has("schema") && !keys.has("blueprint");
}
