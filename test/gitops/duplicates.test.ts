import { expect, it } from "vitest";
import { withoutDuplicates } from "../../lib/gitops/duplicates.ts";
import { entityText, readText } from "../support/definitions.ts";

it("of an entity that is there twice in one file, neither counts, and both places are named", () => {
  const file = readText([entityText("a"), entityText("b"), entityText("a")].join("---\n"));
  const [{ status, definitions, problems } = file] = withoutDuplicates([file]);
  expect([status, definitions.map(({ identifier }) => identifier)]).toEqual(["FAULT", ["b"]]);
  expect(problems).toEqual([
    'The entity on line 1 ("service:a") is not written: it is also on line 7 of port.yml.',
    'The entity on line 7 ("service:a") is not written: it is also on line 1 of port.yml.',
  ]);
});

it("of an entity that is in several files, none counts, and each file names the others", () => {
  const files = withoutDuplicates([
    readText(entityText("a"), "port.yml"),
    readText(`${entityText("b")}---\n${entityText("a")}`, "x/port.yml"),
    readText(entityText("a", "apiVersion: 1"), "y/port.yml"),
    readText(entityText("c"), "z/port.yml"),
  ]);
  expect(
    files.map(({ status, definitions }) => [status, definitions.map(({ identifier }) => identifier)]),
  ).toEqual([
    ["FAULT", []],
    ["FAULT", ["b"]],
    ["FAULT", []],
    ["OK", ["c"]],
  ]);
  expect(files.map(({ problems }) => problems)).toEqual([
    [
      'The entity on line 1 ("service:a") is not written: it is also on line 4 of x/port.yml; on line 1 of y/port.yml.',
    ],
    [
      'The entity on line 4 ("service:a") is not written: it is also on line 1 of port.yml; on line 1 of y/port.yml.',
    ],
    [
      'No entity has "apiVersion": it is ignored (entity on line 1).',
      'The entity on line 1 ("service:a") is not written: it is also on line 1 of port.yml; on line 4 of x/port.yml.',
    ],
    [],
  ]);
});

it("the same identifier in two blueprints is two entities, and so is one in other letters", () => {
  const file = readText(`${entityText("a")}---\nblueprint: system\nidentifier: a\n---\n${entityText("A")}`);
  expect(withoutDuplicates([file])).toEqual([file]);
});

it("files without entities stay as they are", () => {
  const files = [readText("", "a"), readText("kind: x", "b"), readText("{", "c")];
  expect(withoutDuplicates(files)).toEqual(files);
});
