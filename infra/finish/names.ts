import { wrong } from "../parameters/wrong.ts";
import type { Resource } from "../template.ts";

/** The properties that name a resource, and how many characters AWS takes there. */
export const nameLimits: Readonly<Record<string, readonly [property: string, most: number]>> = {
  "AWS::ApiGatewayV2::Api": ["Name", 128],
  "AWS::CloudWatch::Alarm": ["AlarmName", 255],
  "AWS::CloudWatch::Dashboard": ["DashboardName", 255],
  "AWS::IAM::Role": ["RoleName", 64],
  "AWS::Lambda::Function": ["FunctionName", 64],
  "AWS::Logs::LogGroup": ["LogGroupName", 512],
  "AWS::SQS::Queue": ["QueueName", 80],
  "AWS::Scheduler::Schedule": ["Name", 64],
  "AWS::SecretsManager::Secret": ["Name", 512],
};

interface TooLong {
  readonly id: string;
  readonly name: string;
  readonly most: number;
}

/**
 * Refuses a stage with which AWS would not take a resource's name: in the middle of a deployment it would say so in
 * words of its own.
 * @throws ConfigError with the stage, the resource that leaves it the least room, and the longest that fits
 */
export function checkNames(
  resources: Readonly<Record<string, Resource>>,
  stage: string,
  rolePrefix = "",
): void {
  if (!/^[A-Za-z0-9-]+$/.test(stage)) {
    throw wrong("The stack cannot be named", [
      `stage ${stage} has other characters than letters, digits and hyphens, which is all that AWS takes in names`,
    ]);
  }
  const all = Object.entries(resources).flatMap(([id, resource]) => tooLong(id, resource));
  const [worst] = all.toSorted((one, other) => excess(other) - excess(one));
  if (worst === undefined) return;
  throw wrong("The stack cannot be named", [sentence(worst, stage, rolePrefix, all.length - 1)]);
}

function tooLong(id: string, { Type, Properties = {} }: Resource): TooLong[] {
  const [property = "", most = 0] = nameLimits[Type] ?? [];
  const name = Properties[property];
  return typeof name === "string" && name.length > most ? [{ id, name, most }] : [];
}

function excess({ name, most }: TooLong): number {
  return name.length - most;
}

function sentence(worst: TooLong, stage: string, rolePrefix: string, others: number): string {
  const { id, name, most } = worst;
  const named =
    `${id} would be named ${name}, ${name.length} characters where AWS takes ${most}` +
    (others === 0 ? "" : ` (and ${others} more are too long)`);
  const fits = stage.length - excess(worst);
  const prefixFits = rolePrefix.length - excess(worst);
  const isRole = rolePrefix !== "" && name.startsWith(rolePrefix);
  const remedies = [
    ...(fits > 0 ? [`the longest stage that fits has ${fits}`] : []),
    ...(isRole && prefixFits > 0
      ? [`the longest iamRoleNamePrefix that fits this stage has ${prefixFits}`]
      : []),
  ];
  const subject = isRole ? `stage ${stage} with iamRoleNamePrefix ${rolePrefix}` : `stage ${stage}`;
  return `${subject} is too long: ${named}; ${remedies.join(", ")}`;
}
