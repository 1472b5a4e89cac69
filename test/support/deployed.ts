import { join } from "node:path";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse } from "aws-lambda";
import { startQueues } from "../../infra/local/aws/queues.ts";
import { startSecrets } from "../../infra/local/aws/secrets.ts";
import { toRecord } from "../../infra/local/aws/sqs-event.ts";
import type { Closers } from "../../infra/local/closers.ts";
import { type FunctionKey, functionId } from "../../infra/template.ts";
import { type Container, startContainer } from "./container.ts";
import { type IamGateway, operator, startIamGateway } from "./iam-gateway.ts";
import { packageStack } from "./package-stack.ts";
import { resourcesOf, statementsOf, target } from "./template.ts";

/** A stack as it is right after its deployment, in an AWS that is played on this machine. */
export interface Deployed {
  readonly gateway: IamGateway;
  /** The name of a secret, as the operator knows it. */
  secretName(id: string): string;
  /** `aws secretsmanager put-secret-value`, by the operator. */
  putSecret(name: string, text: string): Promise<void>;
  /** A new container of a function, with the environment that the template gives it and its role's rights. */
  container(key: FunctionKey): Promise<Container>;
  /** Hands a function what its queue has, as Lambda does, in the name of its role, until nothing is there. */
  drain(queue: string, key: FunctionKey, container: Container): Promise<void>;
}

const region = "eu-west-1";
const generated = "generated0by1the2stack3and4known5to6nobody";

/** @param params as `--param name=value` gives them */
export async function deploy(params: Readonly<Record<string, string>>, closers: Closers): Promise<Deployed> {
  const stack = await packageStack({ stage: "prod", params }, closers);
  const { template } = stack;
  const queueProperties = resourcesOf(template, "AWS::SQS::Queue").map(([id, it]) => [id, it.Properties]);
  const queues = await startQueues({ region, queues: Object.fromEntries(queueProperties) });
  closers.add(queues.close);
  const properties = new Map(
    resourcesOf(template, "AWS::SecretsManager::Secret").map(([id, it]) => [id, it.Properties]),
  );
  const secrets = await startSecrets(
    Object.fromEntries(
      [...properties].map(([id, { SecretString }]) => [id, { AWSCURRENT: SecretString ?? generated }]),
    ),
  );
  closers.add(secrets.close);
  const secretName = (id: string) => String(properties.get(id)?.["Name"]);
  const arnOf = (id: string) =>
    `arn:aws:secretsmanager:${region}:000000000000:secret:${secretName(id)}-x1Y2z3`;

  const resourceOf = (id: string) => {
    const secret = [...properties.keys()].find((it) => id === secretName(it) || id === arnOf(it));
    const queue = Object.entries(queues.urls).find(([, url]) => new URL(url).pathname === pathOf(id));
    return secret ?? queue?.[0] ?? `nothing: ${id}`;
  };
  const gateway = await startIamGateway({
    statementsOf: (role) => statementsOf(template, role),
    resourceOf,
    endpoints: { sqs: queues.endpoint, secretsmanager: secrets.endpoint },
    inside: (service, id) => (service === "sqs" ? (queues.urls[id] ?? "") : id),
  });
  closers.add(gateway.close);
  const urlOf = (queue: string) => gateway.url + new URL(queues.urls[queue] ?? "").pathname;
  const as = (principal: string) => ({
    region,
    endpoint: gateway.url,
    credentials: { accessKeyId: principal, secretAccessKey: "local" },
  });
  const roleOf = (key: FunctionKey) => target(template.Resources[functionId(key)]?.Properties["Role"]);
  const byOperator = new SecretsManagerClient(as(operator));

  function resolved(value: unknown): string {
    if (typeof value !== "object") return String(value);
    const id = target(value);
    return properties.has(id) ? arnOf(id) : urlOf(id);
  }

  return {
    gateway,
    secretName,
    async putSecret(SecretId, SecretString) {
      await byOperator.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    async container(key) {
      const { Environment } = template.Resources[functionId(key)]?.Properties ?? {};
      const variables = Object.entries(Environment.Variables).map(([name, value]) => [name, resolved(value)]);
      const folder = await stack.unpack(key);
      const env = {
        ...Object.fromEntries(variables),
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: roleOf(key),
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_SQS: gateway.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: gateway.url,
      };
      return startContainer(folder, join(folder, `functions/${key}.mjs`), env, closers);
    },
    async drain(queue, key, container) {
      const client = new SQSClient(as(roleOf(key)));
      for (;;) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: urlOf(queue),
            MaxNumberOfMessages: 1,
            MessageSystemAttributeNames: ["All"],
            MessageAttributeNames: ["All"],
          }),
        );
        const [message] = Messages;
        if (message === undefined) return;
        const invoked = await container.invoke({ Records: [toRecord(message, queues.arns[queue] ?? "")] });
        if (!("answer" in invoked)) throw new Error(invoked.errorMessage);
        if ((invoked.answer as SQSBatchResponse).batchItemFailures.length > 0) continue;
        const { ReceiptHandle } = message;
        await client.send(new DeleteMessageCommand({ QueueUrl: urlOf(queue), ReceiptHandle }));
      }
    },
  };
}

function pathOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).pathname : undefined;
}
