import type { Json } from "../json.ts";
import { createReaders } from "./reader.ts";
import { decodeFile, largestFile, tooLarge, wellFormed } from "./text.ts";
import { toJson } from "./value.ts";
import { parseYaml } from "./yaml.ts";

/** What was found at a link's target. */
export type LinkedFile =
  | { readonly is: "here"; readonly text: string }
  | { readonly is: "missing" }
  | { readonly is: "unreadable" /** As a part of a sentence. */; readonly why: string };

/** A file's content, as far as it can stand in an entity. */
export function toLinkedFile(bytes: Uint8Array, isWhole: boolean): LinkedFile {
  if (!isWhole || bytes.length > largestFile) return { is: "unreadable", why: tooLarge };
  const decoded = decodeFile(bytes);
  return "fault" in decoded
    ? { is: "unreadable", why: decoded.fault }
    : { is: "here", text: wellFormed(decoded.text) };
}

/** Whether a file's content is an object where one may stand, by its name. */
export function isData(path: string): boolean {
  return /\.(json|ya?ml)$/i.test(path);
}

/** What a JSON or YAML text says, or why it says nothing, as a part of a sentence. */
export function parseData(text: string): { readonly value: Json } | { readonly fault: string } {
  const yaml = parseYaml(text, 1);
  if ("broken" in yaml) return { fault: `it cannot be read (${yaml.broken.slice(0, -1)})` };
  const [document] = yaml.documents;
  if (document === undefined || yaml.documents.length > 1) return { fault: "it has more than one document" };
  const reader = createReaders(yaml)();
  const value = toJson(document.contents, reader);
  const [fault] = reader.faults;
  return fault === undefined ? { value } : { fault: `it cannot be read (${fault})` };
}
