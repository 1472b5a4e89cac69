import { everything, type Grant } from "./grant.ts";
import type { Scope } from "./scope.ts";

/** Roles can be made and changed only with the boundary, where there is one. */
function bounded({ boundary }: Scope): object | undefined {
  return boundary === undefined ? undefined : { StringEquals: { "iam:PermissionsBoundary": boundary } };
}

/** Roles, secrets and what the functions' bucket needs. */
export const accessGrants: readonly Grant[] = [
  {
    sid: "Roles",
    types: ["AWS::IAM::Role", "AWS::IAM::Policy"],
    actions: ["CreateRole", "PutRolePolicy", "DeleteRolePolicy", "PutRolePermissionsBoundary"].map(iam),
    on: ({ roles }) => [roles],
    condition: bounded,
  },
  {
    sid: "RolesAsTheyAre",
    types: ["AWS::IAM::Role", "AWS::IAM::Policy"],
    actions: [
      "GetRole",
      "GetRolePolicy",
      "ListRolePolicies",
      "ListAttachedRolePolicies",
      "UpdateRole",
      "UpdateAssumeRolePolicy",
      "DeleteRole",
      "TagRole",
      "UntagRole",
      "ListRoleTags",
    ].map(iam),
    on: ({ roles }) => [roles],
  },
  {
    sid: "RolesForTheirServices",
    types: ["AWS::Lambda::Function", "AWS::Scheduler::Schedule"],
    actions: ["iam:PassRole"],
    on: ({ roles }) => [roles],
    condition: () => ({
      StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"] },
    }),
  },
  {
    sid: "Secrets",
    types: ["AWS::SecretsManager::Secret"],
    // PutSecretValue is for whoever fills the credentials in.
    actions: [
      "CreateSecret",
      "DescribeSecret",
      "UpdateSecret",
      "DeleteSecret",
      "TagResource",
      "UntagResource",
      "PutSecretValue",
    ].map((action) => `secretsmanager:${action}`),
    on: ({ arn, prefix }) => [arn("secretsmanager", `secret:${prefix}-*`)],
  },
  {
    sid: "RandomSecret",
    types: ["AWS::SecretsManager::Secret"],
    actions: ["secretsmanager:GetRandomPassword"],
    on: everything,
  },
  {
    sid: "DeploymentBucket",
    types: ["AWS::S3::Bucket", "AWS::S3::BucketPolicy"],
    actions: [
      "CreateBucket",
      "DeleteBucket",
      "ListBucket",
      "ListBucketVersions",
      "GetBucketLocation",
      "GetBucketPolicy",
      "PutBucketPolicy",
      "DeleteBucketPolicy",
      "GetEncryptionConfiguration",
      "PutEncryptionConfiguration",
      "GetBucketPublicAccessBlock",
      "PutBucketPublicAccessBlock",
      "GetBucketTagging",
      "PutBucketTagging",
      "TagResource",
      "UntagResource",
      "ListTagsForResource",
    ].map(s3),
    on: ({ bucket }) => [bucket],
  },
  {
    sid: "Packages",
    types: ["AWS::S3::Bucket"],
    actions: ["GetObject", "PutObject", "DeleteObject", "DeleteObjectVersion"].map(s3),
    on: ({ bucket }) => [`${bucket}/*`],
  },
];

function iam(action: string): string {
  return `iam:${action}`;
}

function s3(action: string): string {
  return `s3:${action}`;
}
