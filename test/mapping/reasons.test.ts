import { expect, it } from "vitest";
import type { JsonObject } from "../../lib/json.ts";
import { evaluated } from "../support/mapping.ts";

const secret = "sesame";
const person: JsonObject = { name: secret, n: 7, list: [secret], object: { [secret]: secret } };

it.each([
  [".name.x", "a text"],
  [".n.x", "a number"],
  [".list.x", "a list"],
  [".[.name].x.y | .z, (1 | .[0])", "a number"],
  [".nothing[]", "null"],
  [".n[]", "a number"],
  [".name + 1", "a text and a number"],
  [".object - .name", "an object and a text"],
  [".name | tonumber", "a text"],
  [".object | tonumber", "an object"],
  ['.n | test("a")', "a number"],
  [".n | keys", "a number"],
  [".name | sort", "a text"],
  [".name | group_by(.x)", "a text"],
  ["true | length", "true or false"],
  [".name | has(.)", "a text"],
  ["{(.list): 1}", "a list"],
  [".name | strftime(.)", "no number"],
  ['.name | strptime("%Y")', "none of that form"],
  [".name | fromjson", "fails"],
  [".n | ascii_downcase", "text"],
  [".name | split(1)", "text"],
  [".list | implode", "fails"],
  [".n | explode", "text"],
  ["error(.name)", "it fails"],
  ["error(.)", "it fails"],
  ["error(null)", "it fails"],
  ['error("\\(.name) (\\(.name)) and \\(.name)")', "it fails"],
  [".name as [$a] | $a", "a text"],
  [".list | .[.name]", "a list"],
  ["[limit(-1; .name)]", "fails"],
  [".n | @csv", "a number"],
  ["try error(.name) catch error(.)", "it fails"],
])("%s is told by types, never by a value: %s", async (expression, words) => {
  const [mapped] = await evaluated(expression, person);
  const reasons = (mapped?.failed ?? []).map(({ reason }) => reason);
  expect(reasons.join()).toContain(words);
  expect(JSON.stringify(reasons)).not.toContain(secret);
});
