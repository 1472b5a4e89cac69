import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkNames, nameLimits } from "../../infra/finish/names.ts";
import { createClosers } from "../../infra/local/closers.ts";
import { type PackagedStack, packageStack, type Template } from "../support/package-stack.ts";
import { resourcesOf } from "../support/template.ts";

const closers = createClosers();
afterAll(() => closers.close());
const longest = `pr-${"1".repeat(32)}`;
let stack: PackagedStack;
let template: Template;
beforeAll(async () => {
  stack = await packageStack({ stage: longest }, closers);
  template = stack.template;
});

it("CloudFormation names the roles, and nothing bounds them, when nothing is said", () => {
  for (const [, { Properties }] of resourcesOf(template, "AWS::IAM::Role")) {
    expect(Properties).not.toHaveProperty("PermissionsBoundary");
    expect(Properties).not.toHaveProperty("RoleName");
  }
});

it("everything in the stack has its service and stage for tags", async () => {
  expect(await stack.tags()).toEqual({ service: "bitbucket-port-sync", stage: longest });
});

describe("a stage", () => {
  it("that makes a name too long is refused, with the resource and the longest that fits", async () => {
    const stage = `${longest}2`;
    const said = String(await packageStack({ stage }, closers).catch(String));
    expect(said).toContain(
      `stage ${stage} is too long: ConsumerLambdaFunction would be named bitbucket-port-sync-${stage}-consumer, ` +
        "65 characters where AWS takes 64 (and 1 more are too long); the longest stage that fits has 35",
    );
  });

  it.each([
    [30, "x", "; the longest stage that fits has 25"],
    [4, "p".repeat(33), "; the longest iamRoleNamePrefix that fits this stage has 22"],
    [
      20,
      "p".repeat(20),
      "; the longest stage that fits has 6, the longest iamRoleNamePrefix that fits this stage has 6",
    ],
  ])("of %i characters with a prefix that makes a role's name too long: %s", (length, rolePrefix, words) => {
    const stage = "s".repeat(length);
    const RoleName = `${rolePrefix}bitbucket-port-sync-${stage}-eu-west-1-webhook`;
    const resources = { WebhookRole: { Type: "AWS::IAM::Role", Properties: { RoleName } } };
    const check = () => checkNames(resources, stage, rolePrefix);
    expect(check).toThrow(`- stage ${stage} with iamRoleNamePrefix ${rolePrefix} is too long: WebhookRole`);
    expect(check).toThrow(words);
  });

  it.each(["pull_request", "feature.x"])("with what AWS takes in no name is refused: %s", (stage) => {
    expect(() => checkNames({}, stage)).toThrow(`stage ${stage} has other characters`);
  });

  it("is checked against every name that the template gives", () => {
    const named = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
      Object.entries(Properties)
        .filter(
          ([property, value]) => /Name$/.test(property) && String(value).includes("bitbucket-port-sync"),
        )
        .map(([property]) => `${Type} ${property}`),
    );
    const checked = Object.entries(nameLimits)
      .map(([type, [property]]) => `${type} ${property}`)
      .filter((name) => name !== "AWS::IAM::Role RoleName"); // with a prefix only
    expect(new Set(named)).toEqual(new Set(checked));
  });
});
