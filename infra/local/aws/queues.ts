import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import { loopback } from "./server.ts";
import type { Properties, Service } from "./template.ts";

/** The stack's queues, played in this process. */
export interface Queues {
  readonly endpoint: string;
  readonly client: SQSClient;
  /** By the logical id in infra/queues.yml, e.g. `LiveQueue`. */
  readonly urls: Readonly<Record<string, string>>;
  /** By the logical id in infra/queues.yml. */
  readonly arns: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const account = "000000000000";

/** Starts SQS on a free port and creates the queues as infra/queues.yml defines them. */
export async function startQueues(service: Pick<Service, "queues" | "region">): Promise<Queues> {
  const { queues, region } = service;
  await takeEveryCharacter();
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ port: 0, host: loopback });
  const client = new SQSClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const arns = Object.fromEntries(
    Object.entries(queues).map(([id, properties]) => [id, arn(region, String(properties["QueueName"]))]),
  );
  const urls: Record<string, string> = {};
  for (const [id, properties] of Object.entries(queues)) {
    const QueueName = String(properties["QueueName"]);
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName, Attributes: attributes(properties, arns, region) }),
    );
    // With our own host: the one that fauxqs makes up has to be known to DNS.
    urls[id] = new URL(new URL(QueueUrl ?? "").pathname, endpoint).href;
  }
  return {
    endpoint,
    client,
    urls,
    arns,
    async close() {
      client.destroy();
      await app.close();
    },
  };
}

/** fauxqs takes characters beyond U+FFFF, such as emoji, for invalid ones. SQS does not. */
async function takeEveryCharacter(): Promise<void> {
  const fauxqs = pathToFileURL(findPackageJSON("fauxqs", import.meta.url) ?? "");
  const { INVALID_MESSAGE_BODY_CHAR } = (await import(new URL("dist/sqs/sqsTypes.js", fauxqs).href)) as {
    INVALID_MESSAGE_BODY_CHAR: RegExp;
  };
  const invalid = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
  INVALID_MESSAGE_BODY_CHAR.test = (text) => invalid.test(text);
}

function arn(region: string, queueName: string): string {
  return `arn:aws:sqs:${region}:${account}:${queueName}`;
}

/** CloudFormation's properties as the texts that SQS takes. */
function attributes(
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
