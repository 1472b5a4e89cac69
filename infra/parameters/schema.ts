import * as z from "zod/mini";
import { levels } from "../../lib/aws/log.ts";
import { pullRequestStates } from "../../lib/config/config.ts";
import { globs } from "../../lib/config/globs.ts";
import { httpUrl, portUrl, wholeNumber, yesOrNo } from "../../lib/config/values.ts";
import { isProxyUrl, unproxiedHost } from "../../lib/proxy.ts";
import { intervalMinutes } from "./interval.ts";
import { tagForm } from "./tags.ts";
import { count, list, matching, notEmpty, oneOf } from "./values.ts";

/**
 * The rules for the parameters in serverless.yml, by their names. Values are texts, as `--param` gives them; those that
 * may be empty are optional here, the others have to be set. `resyncRate` becomes minutes.
 */
export const parametersSchema = z.object({
  region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "is not an AWS region, e.g. eu-west-1"),
  bitbucketHost: z.optional(z.union([z.literal("none"), httpUrl], "is neither an http(s) URL nor none")),
  portApiUrl: z.optional(portUrl),
  projectsFilter: list(/^[\w.~-]+$/, "is not a comma-separated list of project keys"),
  personalProjects: z.optional(yesOrNo),
  pullRequestState: z.optional(z.enum(pullRequestStates, `is none of ${pullRequestStates.join(", ")}`)),
  mapping: z.optional(z.string()),
  isVersion87OrOlder: z.optional(yesOrNo),
  bitbucketConcurrency: z.optional(wholeNumber(1, 64)),
  gitopsFiles: z.optional(globs),
  gitopsBlueprints: list(/^[\w@.+:\\/=-]+$/, "is not a comma-separated list of blueprints"),
  maxDeletePercent: z.optional(wholeNumber(0, 100)),
  webhookUrl: z.optional(httpUrl),
  caFile: z.optional(z.string()),
  httpsProxy: z.optional(
    z
      .string()
      .check(z.refine(isProxyUrl, "is not the URL of an HTTP proxy, e.g. http://proxy.example.org:3128")),
  ),
  noProxy: list(
    unproxiedHost,
    "is not a comma-separated list of hosts, e.g. example.org,amazonaws.com (Node.js knows no ranges such as 10.0.0.0/8)",
  ),
  vpcSubnetIds: list(/^subnet-[0-9a-f]{8,17}$/, "is not a comma-separated list of subnet ids"),
  vpcSecurityGroupIds: list(/^sg-[0-9a-f]{8,17}$/, "is not a comma-separated list of security group ids"),
  permissionsBoundaryArn: z.optional(
    matching(/^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/, "is not the ARN of an IAM policy"),
  ),
  iamRoleNamePrefix: z.optional(
    matching(/^[\w+=,.@-]{1,60}$/, "is no beginning of a role's name: up to 60 letters, digits and +=,.@-_"),
  ),
  tags: list(tagForm, "is not a comma-separated list of tags, e.g. team=platform,cost-center=4711"),
  resyncRate: z.pipe(
    notEmpty(),
    z.pipe(
      z.transform(intervalMinutes),
      z.number("is not a rate from 15 minutes to 3 days, e.g. rate(6 hours)"),
    ),
  ),
  resyncState: oneOf("ENABLED", "DISABLED"),
  consumerConcurrency: count(2, 1000),
  backfillConcurrency: count(2, 1000),
  webhookReservedConcurrency: z.optional(wholeNumber(1, 1000)),
  apiRateLimit: count(1, 10_000),
  apiBurstLimit: count(1, 5_000),
  alarmTopicArn: z.optional(
    matching(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/, "is not the ARN of an SNS standard topic"),
  ),
  tracing: oneOf("true", "false"),
  logLevel: z.optional(oneOf(...levels)),
  // What CloudWatch Logs takes.
  logRetentionDays: oneOf(
    ..."1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653".split(" "),
  ),
});

export type Parameters = z.infer<typeof parametersSchema>;
