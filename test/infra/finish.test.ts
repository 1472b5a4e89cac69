import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkNames, nameLimits } from "../../infra/finish/names.ts";
import { createClosers } from "../../infra/local/closers.ts";
import { type PackagedStack, packageStack, type Template } from "../support/package-stack.ts";
import { resourcesOf } from "../support/template.ts";

const closers = createClosers();
afterAll(() => closers.close());
const boundary = "arn:aws:iam::123456789012:policy/bounds/developers";
const longest = `pr-${"1".repeat(32)}`;
let stack: PackagedStack;
let template: Template;
beforeAll(async () => {
  const params = {
    permissionsBoundaryArn: boundary,
    iamRoleNamePrefix: "x",
    tags: "team=platform, cost-center=4711=a,owner=",
  };
  stack = await packageStack({ stage: "prod", params }, closers);
  template = stack.template;
});

describe("what a company wants of every stack", () => {
  it("is a permissions boundary on every role", () => {
    const roles = resourcesOf(template, "AWS::IAM::Role");
    expect(roles).toHaveLength(6);
    for (const [id, { Properties }] of roles) expect(Properties["PermissionsBoundary"], id).toBe(boundary);
  });

  it("is a beginning of every role's name, which no other region or stage has", () => {
    const names = resourcesOf(template, "AWS::IAM::Role").map(([, { Properties }]) => Properties["RoleName"]);
    expect(names).toContain("xbitbucket-port-sync-prod-eu-west-1-webhook");
    expect(new Set(names).size).toBe(6);
    for (const name of names) expect(name).toMatch(/^xbitbucket-port-sync-prod-eu-west-1-[a-z]+$/);
  });

  it("is tags on everything, beside the stack's own", async () => {
    expect(await stack.tags()).toEqual({
      service: "bitbucket-port-sync",
      stage: "prod",
      team: "platform",
      "cost-center": "4711=a",
      owner: "",
    });
  });

  it("and nothing of it when it is not asked for", async () => {
    const plain = await packageStack({ stage: longest }, closers);
    for (const [, { Properties }] of resourcesOf(plain.template, "AWS::IAM::Role")) {
      expect(Properties).not.toHaveProperty("PermissionsBoundary");
      expect(Properties).not.toHaveProperty("RoleName");
    }
    expect(await plain.tags()).toEqual({ service: "bitbucket-port-sync", stage: longest });
  });
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
    const checked = Object.entries(nameLimits).map(([type, [property]]) => `${type} ${property}`);
    expect(new Set(named)).toEqual(new Set(checked));
  });
});
