import { expect, it } from "vitest";
import { tagFaults, tagForm, tagsByKey } from "../../infra/parameters/tags.ts";

it.each([
  "team=platform",
  "cost-center=4711",
  "a b:c/d@e=",
  "größe=ä=b+c",
  `${"k".repeat(128)}=${"v".repeat(256)}`,
])("is a tag: %s", (tag) => {
  expect(tag).toMatch(tagForm);
  expect(tagFaults([tag])).toEqual([]);
});

it.each([
  "",
  "team",
  "=platform",
  "aws:team=a",
  "AWS:team=a",
  "team=a;b",
  "a=b\nc",
  `${"k".repeat(129)}=`,
  `k=${"v".repeat(257)}`,
])("is none: %j", (tag) => {
  expect(tag).not.toMatch(tagForm);
});

it("takes no key of the stack's own, no key twice, and no more than AWS does", () => {
  expect(tagFaults(["STAGE=prod"])).toEqual(["tags sets stage, which is the stack's own"]);
  expect(tagFaults(["team=a", "Team=b"])).toEqual(["tags has a key twice"]);
  const many = Array.from({ length: 49 }, (_, index) => `key${index}=`);
  expect(tagFaults(many)).toEqual(["tags has more than 48 of them"]);
  expect(tagFaults(many.slice(1))).toEqual([]);
});

it("divides a tag at its first =", () => {
  expect(tagsByKey(["a=b=c", "d="])).toEqual({ a: "b=c", d: "" });
});
