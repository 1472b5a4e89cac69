import type { Stack } from "../template.ts";

/** What the names in a policy are made from. */
export type DeployedStack = Pick<Stack, "prefix" | "region" | "permissionsBoundaryArn" | "iamRoleNamePrefix">;

/** The ARNs of what a stack makes, as patterns: nobody knows the account, and AWS adds to some names. */
export interface Scope {
  /** E.g. `arn:aws:sqs:eu-west-1:*:bitbucket-port-sync-prod-*`. */
  readonly arn: (service: string, resource: string) => string;
  /** The same of a service that has no regions, or no accounts, in its ARNs. */
  readonly global: (service: string, resource: string, account?: string) => string;
  readonly prefix: string;
  readonly roles: string;
  readonly bucket: string;
  readonly boundary: string | undefined;
}

/** CloudFormation cuts the stack's and the resource's name to these in a name that would be too long. Characters. */
const cut = 24;
/** A role has 64 characters; this is what comes after the stack's name, at the most. */
const afterStackInRole = "-SchedulingRole-123456789012".length;

export function scopeOf(stack: DeployedStack): Scope {
  const { prefix, region, permissionsBoundaryArn: boundary, iamRoleNamePrefix } = stack;
  const partition = /^(cn|us-gov)-/.exec(region)?.[1];
  const aws = partition === undefined ? "aws" : `aws-${partition}`;
  const global: Scope["global"] = (service, resource, account = "*") =>
    `arn:${aws}:${service}::${account}:${resource}`;
  const inRole = prefix.length + afterStackInRole > 64 ? prefix.slice(0, cut) : prefix;
  return {
    arn: (service, resource) => `arn:${aws}:${service}:${region}:*:${resource}`,
    global,
    prefix,
    roles: global(
      "iam",
      iamRoleNamePrefix === undefined
        ? `role/${inRole}-*Role-*`
        : `role/${iamRoleNamePrefix}${prefix}-${region}-*`,
    ),
    bucket: global("s3", `${prefix.slice(0, cut).toLowerCase()}-serverlessdeploymentbuck*`, ""),
    boundary,
  };
}
