import { typeNames, typeOf } from "../json.ts";

/**
 * What jq's errors say, in words that hold no value of an object: nothing of a message is taken but types. Each pattern's
 * groups are types.
 */
const reasons: readonly (readonly [RegExp, (types: readonly string[]) => string])[] = [
  [
    /^Cannot index (\w+)/,
    ([it]) => `it takes a field of ${a(it)}, which has none: "?" behind it gives nothing instead`,
  ],
  [
    /^Cannot iterate over (\w+)/,
    ([it]) => `it goes through ${a(it)}, which is no list: "[]?" goes through nothing instead`,
  ],
  [
    /^(\w+) \(.*\) and (\w+) \(.*\) cannot be (?:added|subtracted|multiplied|divided)/s,
    ([one, other]) => `it calculates with ${a(one)} and ${a(other)}: "tostring" makes a text of either`,
  ],
  [/^(\w+) \(.*\) cannot be parsed as a number/s, ([it]) => `it makes a number of ${a(it)}, which is none`],
  [/^(\w+) \(.*\) cannot be matched/s, ([it]) => `it matches ${a(it)}: only texts can be matched`],
  [/^(\w+) \(.*\) has no (?:keys|length)/s, ([it]) => `it asks for keys or the length of ${a(it)}`],
  [/^(\w+) \(.*\) cannot be (?:sorted|grouped|reversed)/s, ([it]) => `it sorts ${a(it)}, which is no list`],
  [/^(\w+) \(.*\) not a string or array/s, ([it]) => `it takes a part of ${a(it)}`],
  [/^Cannot check whether (\w+) ha/, ([it]) => `it asks whether ${a(it)} has a key`],
  [/^Cannot use (\w+) /, ([it]) => `it names a key by ${a(it)}: only texts can be keys`],
  [/^Object keys must be strings/, () => "it names a key by what is no text"],
  [/^(?:strftime|mktime|gmtime|localtime|strflocaltime)\b/, () => "it makes a date of what is no number"],
  [/^(?:strptime\b|date ")/, () => "it reads a date in what is none of that form"],
  [
    /\b(?:inputs?|separator|arguments?) must be (?:a )?strings?\b|requires string inputs?/,
    () => "it wants a text and gets something else",
  ],
  [/^(\w+) \(.*\) /s, ([it]) => `it fails at ${a(it)}`],
];

/** Says why an expression failed. @param message jq's, which may quote the object */
export function reasonOf(message: unknown): string {
  for (const [pattern, words] of typeof message === "string" ? reasons : []) {
    const match = pattern.exec(message as string)?.slice(1);
    if (match?.every((type) => Object.hasOwn(typeNames, type))) return words(match);
  }
  return "it fails";
}

/** The type of a value in words, e.g. `a list`. */
export function typeName(value: unknown): string {
  return a(typeOf(value));
}

function a(type: string | undefined): string {
  return typeNames[type ?? ""] ?? "something";
}
