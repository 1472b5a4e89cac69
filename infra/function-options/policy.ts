import { capitalized, type FunctionKey, type Resource } from "../template.ts";

/** A policy on the roles of these functions. */
export function policy(name: string, keys: readonly FunctionKey[], statements: readonly object[]): Resource {
  return {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: name,
      PolicyDocument: { Version: "2012-10-17", Statement: statements },
      Roles: keys.map((key) => ({ Ref: `${capitalized(key)}Role` })),
    },
  };
}
