import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen, loopback, portOf } from "./server.ts";

/** The values of a secret by their stage. */
export interface SecretStages {
  readonly AWSCURRENT?: string | undefined;
  readonly AWSPREVIOUS?: string | undefined;
}

/** Secrets Manager as far as the functions use it: GetSecretValue. */
export interface Secrets {
  readonly endpoint: string;
  /** Replaces a secret's values, as a rotation does. */
  put(secretId: string, stages: SecretStages): void;
  close(): Promise<void>;
}

/** Starts a Secrets Manager on a free port. A secret or stage without a value is not found. */
export async function startSecrets(initial: Readonly<Record<string, SecretStages>>): Promise<Secrets> {
  const secrets = new Map(Object.entries(initial));
  const server = await listen((request, response) => {
    void answer(request, secrets).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
  });
  return {
    endpoint: `http://${loopback}:${portOf(server)}`,
    put(secretId, stages) {
      secrets.set(secretId, stages);
    },
    close: () => closeServer(server),
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answer(request: IncomingMessage, secrets: ReadonlyMap<string, SecretStages>): Promise<Answer> {
  const target = request.headers["x-amz-target"];
  if (target !== "secretsmanager.GetSecretValue") return fault("UnknownOperationException", `${target}?`);
  const asked = parse(await text(request));
  const stage = asked.VersionStage ?? "AWSCURRENT";
  const found = secrets.get(asked.SecretId ?? "");
  const value = stage === "AWSCURRENT" || stage === "AWSPREVIOUS" ? found?.[stage] : undefined;
  if (value === undefined) {
    return fault(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
    );
  }
  const body = {
    ARN: `arn:aws:secretsmanager:local:000000000000:secret:${asked.SecretId}`,
    Name: asked.SecretId,
    SecretString: value,
    VersionId: stage,
    VersionStages: [stage],
  };
  return { status: 200, body };
}

function parse(body: string): { SecretId?: string; VersionStage?: string } {
  try {
    return JSON.parse(body) as { SecretId?: string; VersionStage?: string };
  } catch {
    return {};
  }
}

function fault(type: string, message: string): Answer {
  return { status: 400, body: { __type: type, message } };
}
