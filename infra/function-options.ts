import type { Resolver } from "./parameters/resolver.ts";
import {
  capitalized,
  type FunctionKey,
  functionId,
  functionKeys,
  type Resource,
  readStack,
  type Stack,
  type TemplatePiece,
} from "./template.ts";

/** Those that talk to Bitbucket, which may be reachable from inside of a network only. */
const inNetwork: readonly FunctionKey[] = ["consumer", "backfill", "resync", "setup"];

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

const interfaceActions = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

/**
 * Lambda attaches a function to a VPC with the function's own role, on network interfaces that are not there yet:
 * there is no narrower resource. The function's code is denied the same, as it has no use for it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function networkPolicy({ prefix }: Stack): Resource {
  const functions = inNetwork.map((key) => ({
    "Fn::Sub": `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${prefix}-${key}`,
  }));
  return policy("network", inNetwork, [
    { Effect: "Allow", Action: interfaceActions, Resource: "*" },
    {
      Effect: "Deny",
      Action: interfaceActions,
      Resource: "*",
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": functions } },
    },
  ]);
}

/** X-Ray has no resources to name. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
function tracingPolicy(): Resource {
  const actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
  return policy("tracing", functionKeys, [{ Effect: "Allow", Action: actions, Resource: "*" }]);
}

function policy(name: string, keys: readonly FunctionKey[], statements: readonly object[]): Resource {
  return {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: name,
      PolicyDocument: { Version: "2012-10-17", Statement: statements },
      Roles: keys.map((key) => ({ Ref: `${capitalized(key)}Role` })),
    },
  };
}
