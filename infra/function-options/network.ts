import type { FunctionKey, Resource, Stack } from "../template.ts";
import { policy } from "./policy.ts";

/** Those that talk to Bitbucket, which may be reachable from inside of a network only. */
export const inNetwork: readonly FunctionKey[] = ["consumer", "backfill", "resync", "setup"];

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
export function networkPolicy({ prefix }: Stack): Resource {
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
