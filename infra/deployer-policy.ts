import { accessGrants } from "./deployer/access-grants.ts";
import { functionGrants } from "./deployer/function-grants.ts";
import { everything, type Grant } from "./deployer/grant.ts";
import { type DeployedStack, type Scope, scopeOf } from "./deployer/scope.ts";
import { watchGrants } from "./deployer/watch-grants.ts";
import type { Resource } from "./template.ts";

/** An IAM policy. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** What osls asks of CloudFormation, in the name of whoever deploys. */
const stackGrants: readonly Grant[] = [
  {
    sid: "Stack",
    types: [],
    actions: [
      "CreateChangeSet",
      "DescribeChangeSet",
      "ExecuteChangeSet",
      "DeleteChangeSet",
      "DeleteStack",
      "DescribeStacks",
      "DescribeStackEvents",
      "DescribeStackResource",
      "DescribeStackResources",
      "ListStackResources",
      "GetTemplate",
      "TagResource",
      "UntagResource",
    ].map((action) => `cloudformation:${action}`),
    on: ({ arn, prefix }) => [arn("cloudformation", `stack/${prefix}/*`)],
  },
  { sid: "Template", types: [], actions: ["cloudformation:ValidateTemplate"], on: everything },
];

/** What Lambda looks up in the name of whoever puts a function into a VPC. */
const network: Grant = {
  sid: "Network",
  types: [],
  actions: ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],
  on: everything,
};

const grants = [...accessGrants, ...functionGrants, ...watchGrants];

/** Two, as IAM takes no more than 6,144 characters in one. By the names of the files that packaging writes. */
export type DeployerPolicies = Readonly<Record<"deployer-access" | "deployer-resources", Policy>>;

/**
 * What somebody needs who deploys, updates and removes a stack, fills in its credentials and invokes its functions, and
 * nothing else.
 * @throws Error naming types of resources that nothing is known of
 */
export function deployerPolicies(
  resources: Readonly<Record<string, Resource>>,
  stack: DeployedStack,
): DeployerPolicies {
  const types = new Set(Object.values(resources).map(({ Type }) => Type));
  const unknown = [...types].filter((type) => !grants.some((grant) => grant.types.includes(type)));
  if (unknown.length > 0) {
    throw new Error(`infra/deployer does not say what it takes to deploy ${unknown.join(", ")}`);
  }
  const inNetwork = Object.values(resources).some(
    ({ Properties }) => Properties?.["VpcConfig"] !== undefined,
  );
  const scope = scopeOf(stack);
  const policy = (some: readonly Grant[]): Policy => ({
    Version: "2012-10-17",
    Statement: some.map((grant) => statement(grant, scope)),
  });
  const needed = (some: readonly Grant[]) =>
    some.filter((grant) => grant.types.some((type) => types.has(type)));
  return {
    "deployer-access": policy([...stackGrants, ...needed(accessGrants)]),
    "deployer-resources": policy([
      ...needed([...functionGrants, ...watchGrants]),
      ...(inNetwork ? [network] : []),
    ]),
  };
}

function statement({ sid, actions, on, condition }: Grant, scope: Scope): PolicyStatement {
  const [first = "", ...others] = on(scope);
  const when = condition?.(scope);
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: others.length === 0 ? first : [first, ...others],
    ...(when !== undefined && { Condition: when }),
  };
}
