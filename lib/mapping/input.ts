import { isDeeperThan, type JsonObject } from "../json.ts";

/** jq's own stack overflows somewhere above 500 levels; no object of Bitbucket has more than ten. */
const deepest = 200;

/** Why an object gets no entities. */
export interface MappingFault {
  /** Whether it will be so at every further try. */
  readonly permanent: boolean;
  readonly reason: string;
}

const tooDeep: MappingFault = { permanent: true, reason: `it is more than ${deepest} levels deep` };

/** An object as jq's input. Halves of surrogate pairs, which jq refuses, and NUL, which databases do, become U+FFFD. */
export function inputOf(object: JsonObject): string | MappingFault {
  if (isDeeperThan(deepest, object)) return tooDeep;
  const text = JSON.stringify(object);
  // A quick look: hardly any text has them. JSON writes none but such halves as escapes.
  if (!/\\u(?:d[89a-f]|0000)/.test(text)) return text;
  return text.replace(/\\(?:u(?:d[89a-f]..|0000)|.)/g, (written) =>
    written.length > 2 ? "\ufffd" : written,
  );
}
