import { type Queues, startQueues } from "../../infra/local/aws/queues.ts";
import { startSecrets } from "../../infra/local/aws/secrets.ts";
import type { Service } from "../../infra/local/aws/service.ts";
import { readService } from "../../infra/local/aws/template.ts";
import type { Closers } from "../../infra/local/closers.ts";
import { addresses } from "../../infra/local/stack/environment.ts";
import { secretIds } from "../../infra/local/stack/secrets.ts";
import { projectRoot } from "../support/package-stack.ts";

/** What the functions have around them on AWS: queues and secrets. */
export interface Stand {
  readonly service: Service;
  readonly queues: Queues;
  /** Where the functions find it. */
  readonly env: Readonly<Record<string, string>>;
}

/** What webhooks are signed with here. */
export const webhookSecret = "a secret of the benchmarks";

/** @param credentials the fields of the secret that the consumer reads */
export async function startStand(
  closers: Closers,
  credentials: Readonly<Record<string, string>> = {},
): Promise<Stand> {
  const service = readService(projectRoot, "dev");
  const queues = await startQueues(service);
  closers.add(() => queues.close());
  const secrets = await startSecrets({
    [secretIds.webhook]: { AWSCURRENT: webhookSecret },
    [secretIds.credentials]: { AWSCURRENT: JSON.stringify(credentials) },
  });
  closers.add(() => secrets.close());
  return { service, queues, env: addresses(service, queues, secrets) };
}
