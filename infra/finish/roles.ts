import type { Resource, Stack } from "../template.ts";

/** What parameters give every role of the stack: a permissions boundary, and a name of its own with a prefix. */
export function finishRole(id: string, role: Resource, stack: Stack): Resource {
  const { permissionsBoundaryArn, iamRoleNamePrefix, prefix, region } = stack;
  if (role.Type !== "AWS::IAM::Role") return role;
  return {
    ...role,
    Properties: {
      ...role.Properties,
      ...(permissionsBoundaryArn !== undefined && { PermissionsBoundary: permissionsBoundaryArn }),
      // With the region, as roles are the same in all of an account's regions.
      ...(iamRoleNamePrefix !== undefined && {
        RoleName: `${iamRoleNamePrefix}${prefix}-${region}-${id.replace(/Role$/, "").toLowerCase()}`,
      }),
    },
  };
}
