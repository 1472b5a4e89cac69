import { maxIdentifierLength, safeIdentifier } from "../port/entity.ts";
import { quote } from "./text.ts";

/** The keys of an entity. */
export const entityKeys = [
  "identifier",
  "blueprint",
  "title",
  "icon",
  "team",
  "properties",
  "relations",
] as const;
export type EntityKeyName = (typeof entityKeys)[number];

/** The key that another one, which no entity has, is probably meant to be: what it says is not to be lost by a typo. */
export function meantKey(key: string): EntityKeyName | undefined {
  const plain = key.toLowerCase().replace(/[^\p{L}]/gu, "");
  return entityKeys.find((known) => {
    if (known.length < 6) return plain === known || (plain.length < 8 && distance(plain, known) <= 1);
    return plain.slice(0, 4) === known.slice(0, 4) || (plain.length < 16 && distance(plain, known) <= 2);
  });
}

/** How many letters have to be put in, taken out or replaced to make one text of another. */
function distance(one: string, other: string): number {
  // From what came before a letter of the one to each beginning of the other but the empty one; `left` is the last of them.
  let above = [...other].map((_, column) => column + 1);
  let left = other.length;
  for (const [row, letter] of [...one].entries()) {
    let corner = row;
    left = row + 1;
    const current: number[] = [];
    for (const [column, up] of above.entries()) {
      left = Math.min(corner + (letter === other[column] ? 0 : 1), up + 1, left + 1);
      corner = up;
      current.push(left);
    }
    above = current;
  }
  return left;
}

/** Longest identifier of a blueprint that Port takes. */
const maxBlueprintLength = 100;

/** Why Port would not take an identifier, if so. It is not made to fit: others refer to it as it is written. */
export function identifierFault(name: "identifier" | "blueprint", text: string): string | undefined {
  const most = name === "identifier" ? maxIdentifierLength : maxBlueprintLength;
  if (text === "") return `its ${name} is empty`;
  if (/^file:\/\//i.test(text)) return `its ${name} cannot come from a file`;
  if (text.length > most) return `its ${name} has more than ${most} characters`;
  if (safeIdentifier(text) === text && !(name === "blueprint" && text.includes("="))) return undefined;
  return `Port takes no ${name} ${quote(text)}: letters, digits and @ _ . + : / \\ ${name === "identifier" ? "= " : ""}- are allowed`;
}
