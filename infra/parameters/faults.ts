import { fileFaults } from "./package-files.ts";
import { type ParameterValues, type Resolver, unknownParameters } from "./resolver.ts";
import type { parametersSchema } from "./schema.ts";
import { tagFaults } from "./tags.ts";

/** The parameter that may be a part of the stack, as `!GetAtt` names it. */
const ownAddress = "webhookUrl";

/** What was read of the parameters. */
export interface ReadParameters {
  readonly values: ParameterValues;
  /** Names of what is no text. */
  readonly others: readonly string[];
  readonly parsed: ReturnType<typeof parametersSchema.safeParse>;
}

/**
 * A sentence for every parameter that is missing, wrong or unknown.
 * @param packaged whether the files that parameters name have to be packaged
 */
export async function parameterFaults(
  { values, others, parsed }: ReadParameters,
  packaged: boolean,
  resolver: Resolver,
): Promise<string[]> {
  const region = String(await resolver.resolveConfigurationProperty(["provider", "region"]));
  return [
    ...(await unknownParameters(resolver)).map((name) => `${name} is not a parameter of serverless.yml`),
    ...others
      .filter((name) => name !== ownAddress)
      .map((name) => `${name} is neither a text nor a list of texts`),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`),
    ...networkFaults(values),
    ...topicFaults(values, region),
    ...tagFaults(values["tags"]?.split(",").map((tag) => tag.trim()) ?? []),
    ...(await fileFaults(values, packaged)),
  ];
}

function networkFaults({ vpcSubnetIds, vpcSecurityGroupIds }: ParameterValues): string[] {
  if ((vpcSubnetIds === undefined) === (vpcSecurityGroupIds === undefined)) return [];
  return vpcSubnetIds === undefined
    ? ["vpcSubnetIds is not set, but vpcSecurityGroupIds is"]
    : ["vpcSecurityGroupIds is not set, but vpcSubnetIds is"];
}

/** CloudWatch takes only topics of its own region. */
function topicFaults({ alarmTopicArn = "" }: ParameterValues, region: string): string[] {
  const [, own = region] = /^arn:[^:]+:sns:([^:]+):/.exec(alarmTopicArn) ?? [];
  return own === region ? [] : [`alarmTopicArn is not in the stack's region, ${region}`];
}
