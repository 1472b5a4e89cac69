import { describe, expect, it } from "vitest";
import { globs } from "../../lib/config/globs.ts";
import { definitionMatcher } from "../../lib/gitops/paths.ts";

function matches(text: string, path: string): boolean {
  return definitionMatcher(globs.parse(text))(path);
}

describe("a repository's file is a definition", () => {
  it.each([
    ["port.yml", "port.yml"],
    ["**/port.yml", "port.yml"],
    ["**/port.yml", "a/port.yml"],
    ["**/port.yml", "a/b c/d/port.yml"],
    ["**/port.yml", ".github/port.yml"],
    ["**/port.yml", "a/.hidden/port.yml"],
    ["**/port.yml,**/port.yaml", "a/port.yaml"],
    [" **/port.yml , , **/port.yaml ,", "port.yaml"],
    ["**/port.{yml,yaml}", "a/port.yaml"],
    ["**/port.{yml,yaml},catalog/*.json", "catalog/a.json"],
    ["**/port.y?(a)ml", "port.yml"],
    ["catalog/**", "catalog/a/b.yml"],
    ["/port.yml", "port.yml"],
    ["./port.yml", "port.yml"],
    ["/**/port.yml", "a/port.yml"],
    ["**/*.port.yml", ".port.yml"],
    ["[Pp]ort.yml", "Port.yml"],
    ["dienste/über.yml", "dienste/über.yml"],
    ["**/port.yml", "a\\b/port.yml"],
  ])("%s takes %s", (text, path) => {
    expect(matches(text, path)).toBe(true);
  });

  it.each([
    ["", "port.yml"],
    [" , ", "port.yml"],
    ["port.yml", "a/port.yml"],
    ["**/port.yml", "my-port.yml"],
    ["**/port.yml", "a/my-port.yml"],
    ["**/port.yml", "port.yml.bak"],
    ["**/port.yml", "port.yml/README.md"],
    ["**/port.yml", "port.yaml"],
    ["**/port.yml", "port_yml"],
    ["**/port.yml", "Port.yml"],
    ["**/port.yml", "PORT.YML"],
    ["*/port.yml", "a/b/port.yml"],
    ["*/port.yml", "port.yml"],
    ["catalog/*.yml", "catalog/a/b.yml"],
    ["**/port.yml", "\ud800/port.yml"],
  ])("%s does not take %s", (text, path) => {
    expect(matches(text, path)).toBe(false);
  });
});

describe("the setting is refused where it", () => {
  it.each([
    ["!**/port.yml", "has a glob that begins with !"],
    ["**/port.yml,!vendor/**", "has a glob that begins with !"],
    ["catalog\\port.yml", "has a \\: folders are separated by /"],
    ["**/port.{yml,yaml", "has braces or brackets that are not closed, or within each other"],
    ["{a,{b,c}}.yml", "has braces or brackets that are not closed, or within each other"],
    ["[a-z.yml", "has braces or brackets that are not closed, or within each other"],
    ["../port.yml", "has a glob with an empty part, . or .. between its slashes"],
    ["a/../port.yml", "has a glob with an empty part, . or .. between its slashes"],
    ["a//port.yml", "has a glob with an empty part, . or .. between its slashes"],
    ["a/./port.yml", "has a glob with an empty part, . or .. between its slashes"],
    ["catalog/", "has a glob with an empty part, . or .. between its slashes"],
  ])("is %s", (text, fault) => {
    expect(globs.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([fault]);
  });
});
