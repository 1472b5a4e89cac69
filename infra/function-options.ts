import { inNetwork, networkPolicy } from "./function-options/network.ts";
import { tracingPolicy } from "./function-options/tracing.ts";
import type { Resolver } from "./parameters/resolver.ts";
import {
  type FunctionKey,
  functionId,
  functionKeys,
  type Resource,
  readStack,
  type Stack,
  type TemplatePiece,
} from "./template.ts";

/** What parameters switch on for functions, with the permissions that it needs: a VPC, tracing, reserved concurrency. */
export async function functionOptions(resolver: Resolver): Promise<TemplatePiece> {
  const stack = await readStack(resolver);
  const hasNetwork = stack.vpcSubnetIds.length > 0;
  const hasTracing = stack.tracing === "true";
  return {
    Resources: {
      ...(hasNetwork && { NetworkPolicy: networkPolicy(stack) }),
      ...(hasTracing && { TracingPolicy: tracingPolicy() }),
    },
    extensions: Object.fromEntries(
      functionKeys.map((key) => [
        functionId(key),
        extension(key, hasNetwork && inNetwork.includes(key), stack),
      ]),
    ),
  };
}

function extension(key: FunctionKey, hasNetwork: boolean, stack: Stack): Omit<Resource, "Type"> {
  const hasTracing = stack.tracing === "true";
  const reserved = key === "webhook" ? stack.webhookReservedConcurrency : undefined;
  return {
    Properties: {
      ...(hasNetwork && {
        VpcConfig: { SubnetIds: stack.vpcSubnetIds, SecurityGroupIds: stack.vpcSecurityGroupIds },
      }),
      ...(hasTracing && { TracingConfig: { Mode: "Active" } }),
      ...(reserved !== undefined && { ReservedConcurrentExecutions: reserved }),
    },
    // Lambda refuses a function whose role does not have these permissions yet.
    DependsOn: [...(hasNetwork ? ["NetworkPolicy"] : []), ...(hasTracing ? ["TracingPolicy"] : [])],
  };
}
