import type { Properties } from "./service.ts";

const account = "000000000000";

/** The ARN of a queue. */
export function queueArn(region: string, queueName: string): string {
  return `arn:aws:sqs:${region}:${account}:${queueName}`;
}

/** CloudFormation's properties as the texts that SQS takes. */
export function queueAttributes(
  { QueueName: _name, Tags: _tags, ...rest }: Properties,
  arns: Readonly<Record<string, string>>,
  region: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => {
      const resolved = resolveIntrinsics(value, arns, region);
      return [name, typeof resolved === "object" ? JSON.stringify(resolved) : String(resolved)];
    }),
  );
}

function resolveIntrinsics(node: unknown, arns: Readonly<Record<string, string>>, region: string): unknown {
  if (Array.isArray(node)) return node.map((item) => resolveIntrinsics(item, arns, region));
  if (typeof node !== "object" || node === null) return node;
  if ("Fn::GetAtt" in node) {
    const [id, attribute] = node["Fn::GetAtt"] as string[];
    const found = attribute === "Arn" ? arns[id ?? ""] : undefined;
    if (found === undefined) throw new Error(`infra/queues.yml: no queue for !GetAtt ${id}.${attribute}`);
    return found;
  }
  if ("Fn::Sub" in node) {
    const pseudo: Record<string, string> = { Partition: "aws", Region: region, AccountId: account };
    return String(node["Fn::Sub"]).replaceAll(/\$\{AWS::(\w+)\}/g, (found, name) => pseudo[name] ?? found);
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, resolveIntrinsics(value, arns, region)]),
  );
}
