import { type Loopback, type Received, type Reply, startLoopback } from "./loopback.ts";
import { listed, type Statement, target } from "./template.ts";

/** A call that somebody made to AWS, by logical ids. */
export interface AwsCall {
  /** Whose: a role, or the operator. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
}

export interface IamGateway {
  readonly url: string;
  /** Calls that were refused. */
  readonly denied: readonly AwsCall[];
  readonly allowed: readonly AwsCall[];
  close(): Promise<void>;
}

/** Whoever signs with this access key may do everything. */
export const operator = "operator";

interface GatewayOptions {
  /** What a role may do, by its logical id; its functions sign with that as their access key. */
  readonly statementsOf: (role: string) => readonly Statement[];
  /** The logical id of what a queue's URL, or a secret's name or ARN, leads to. */
  readonly resourceOf: (id: string) => string;
  /** Where the calls of a service go; what they name is replaced by what that knows them by. */
  readonly endpoints: Readonly<Record<"sqs" | "secretsmanager", string>>;
  readonly inside: (service: "sqs" | "secretsmanager", resource: string) => string;
}

/** SQS and Secrets Manager, which let nobody do what IAM would not let him do by the policies of his role. */
export async function startIamGateway(options: GatewayOptions): Promise<IamGateway> {
  const denied: AwsCall[] = [];
  const allowed: AwsCall[] = [];
  const server: Loopback = await startLoopback(async (received): Promise<Reply> => {
    const { service, call, forward } = understand(received, options);
    const isAllowed =
      call.principal === operator ||
      options.statementsOf(call.principal).some((statement) => allows(statement, call));
    (isAllowed ? allowed : denied).push(call);
    if (!isAllowed) {
      const message = `User: ${call.principal} is not authorized to perform: ${call.action} on ${call.resource}`;
      return { status: 400, body: { __type: "AccessDeniedException", message } };
    }
    const answer = await fetch(options.endpoints[service], {
      method: "POST",
      headers: {
        "x-amz-target": String(received.headers["x-amz-target"]),
        "content-type": String(received.headers["content-type"]),
      },
      body: JSON.stringify(forward),
    });
    return { status: answer.status, body: await answer.text() };
  });
  return { url: server.url, denied, allowed, close: server.close };
}

function understand({ headers, body }: Received, { resourceOf, inside }: GatewayOptions) {
  const [, principal = ""] = /Credential=([^/]+)\//.exec(String(headers["authorization"])) ?? [];
  const [prefix = "", operation = ""] = String(headers["x-amz-target"]).split(".");
  const service = prefix === "AmazonSQS" ? "sqs" : "secretsmanager";
  const name = service === "sqs" ? "QueueUrl" : "SecretId";
  const input = JSON.parse(body) as Record<string, unknown>;
  const resource = resourceOf(String(input[name]));
  // One permission for both.
  const action = `${service}:${operation.replace(/Batch$/, "")}`;
  const forward = { ...input, [name]: inside(service, resource) };
  return { service, call: { principal, action, resource }, forward } as const;
}

function allows({ Effect, Action, Resource, Condition }: Statement, { action, resource }: AwsCall): boolean {
  if (Effect !== "Allow" || Condition !== undefined) return false;
  return (
    listed(Action).includes(action) && listed(Resource).some((it) => it !== "*" && target(it) === resource)
  );
}
