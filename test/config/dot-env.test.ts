import { expect, test } from "vitest";
import { parseDotEnv } from "../../lib/config/dot-env.ts";

test.each<[string, string, string]>([
  ["within a value belongs to it", "A=ab#cd", "ab#cd"],
  ["at the beginning of a value belongs to it", "A=#ab", "#ab"],
  ["at the end of a value belongs to it", "A=ab#", "ab#"],
  ["after a blank begins a comment", "A=ab #cd", "ab"],
  ["after a tab begins a comment", "A=ab\t#cd", "ab"],
  ["after the blank behind the sign of equality begins a comment", "A= # none", ""],
  ["of a value may stand before a comment", "A=ab#cd # comment", "ab#cd"],
  ["may come twice", "A=a#b#c", "a#b#c"],
  ["in double quotes belongs to the value", 'A="ab #cd" # comment', "ab #cd"],
  ["in single quotes belongs to the value", "A='ab #cd'", "ab #cd"],
  ["in backticks belongs to the value", "A=`ab#cd`", "ab#cd"],
  ["after a quote that is not closed is left to Node.js", "A='ab#cd", "'ab#cd"],
  ["beside quotes within the value belongs to it", `A=a"b#c"'d`, `a"b#c"'d`],
  ["after export", "export A=ab#cd", "ab#cd"],
  ["after blanks around the sign of equality", "  A = ab#cd  ", "ab#cd"],
  ["before a line's end of Windows", "A=ab#cd\r\nB=1\r\n", "ab#cd"],
  ["in a line that a later one replaces", "A=ab#cd\nA=ef", "ef"],
  ["in a line that replaces an earlier one", "A='ef'\nA=ab#cd", "ab#cd"],
  ["in a comment", "# A=ab#cd\nA=1", "1"],
])("a # %s", (_, text, value) => {
  expect(parseDotEnv(text)["A"]).toBe(value);
});

test("what looks like a setting within a value of several lines is none", () => {
  expect(parseDotEnv('A="first\nB=x#y\nlast"\nC=d#e')).toEqual({ A: "first\nB=x#y\nlast", C: "d#e" });
});
