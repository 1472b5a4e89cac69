import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseConfig } from "../../lib/config/config.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { type EventSourceOptions, startEventSource } from "./aws/event-source.ts";
import { startGateway } from "./aws/gateway.ts";
import { createInvoke, type Invoke } from "./aws/invoke.ts";
import { startOffline } from "./aws/offline.ts";
import type { OutputListeners } from "./aws/osls-output.ts";
import { type Queues, startQueues } from "./aws/queues.ts";
import { type Secrets, startSecrets } from "./aws/secrets.ts";
import type { Service } from "./aws/service.ts";
import { readService } from "./aws/template.ts";
import { type Closers, createClosers } from "./closers.ts";
import { addresses, secretIds, withoutAws } from "./stack/environment.ts";
import {
  credentialsSecret,
  type Environment,
  readSettings,
  type Settings,
  webhookSecret,
} from "./stack/settings.ts";
import { type Sides, type SidesOptions, startSides } from "./stack/simulators.ts";

export interface StackOptions extends SidesOptions, OutputListeners {
  /** Where the webhook is served; 0 (the default) picks a free port. */
  readonly httpPort?: number;
  /** Settings and credentials by the names of `.env.example`; default: none, so that both sides are simulated. */
  readonly env?: Environment;
  /** The folder that holds serverless.yml; default: this project. */
  readonly root?: string;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
  /** Told of every request to the webhook that was answered. */
  readonly onAnswer?: (request: IncomingMessage, status: number) => void;
  /** Told of invocations that failed, and of trouble with a queue. */
  readonly onError?: (error: unknown) => void;
}

/** The whole pipeline on this machine. */
export interface Stack extends Sides {
  /** Base URL: the webhook is at `${url}/webhook`. */
  readonly url: string;
  readonly settings: Settings;
  /** What webhooks are signed with; undefined = not configured, every request is refused. */
  readonly secret: string | undefined;
  readonly queues: Queues;
  readonly secrets: Secrets;
  /** Calls a function by its name in serverless.yml, e.g. `consumer`. */
  readonly invoke: Invoke;
  /** Resolves, with its last words, when the process that runs the functions has ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const projectRoot = fileURLToPath(new URL("../../", import.meta.url));
const stage = "local";

/** Starts everything; when something cannot be started, all that was is ended again. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const closers = createClosers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function start(options: StackOptions, closers: Closers): Promise<Stack> {
  const { env = {}, root = projectRoot, signal, onLog, onTrouble, onAnswer } = options;
  const service = readService(root, stage);
  const settings = readSettings(env);
  // First of all, as a port that is taken should be known at once.
  const gateway = await startGateway({ port: options.httpPort ?? 0, ...(onAnswer && { onAnswer }) });
  closers.add(() => gateway.close());

  const queues = await startQueues(service);
  closers.add(() => queues.close());
  const sides = await startSides(settings, env, options, root, closers);
  // What the functions would choke on later is said now, all at once.
  await loadMapper(parseConfig(sides.env).mapping);
  const secrets = await startSecrets({
    [secretIds.webhook]: webhookSecret(settings),
    [secretIds.credentials]: credentialsSecret(sides.env),
  });
  closers.add(() => secrets.close());

  const offline = await startOffline({
    root,
    env: {
      ...withoutAws(sides.env),
      ...addresses(service, queues, secrets),
      WEBHOOK_URL: webhookUrl(gateway.url, settings, env),
    },
    ...(signal && { signal }),
    ...(onLog && { onLog }),
    ...(onTrouble && { onTrouble }),
  });
  closers.add(() => offline.stop());
  const invoke = createInvoke(offline.lambdaUrl);
  startEventSources(service, queues, invoke, options, closers);
  gateway.open(offline.httpPort);

  return {
    ...sides,
    url: gateway.url,
    settings,
    secret: settings.secret,
    queues,
    secrets,
    invoke: (name, event) => invoke(`${service.name}-${stage}-${name}`, event),
    ended: offline.ended,
    stop: () => closers.close(),
  };
}

/** What Bitbucket is told: another machine's could not reach this one by its local address. */
function webhookUrl(gateway: string, { realBitbucket }: Settings, env: Environment): string {
  return env["WEBHOOK_URL"] || (realBitbucket ? "" : `${gateway}/webhook`);
}

function startEventSources(
  service: Service,
  { client, urls, arns }: Queues,
  invoke: Invoke,
  { onError }: Pick<EventSourceOptions, "onError">,
  closers: Closers,
): void {
  for (const mapping of service.eventSources) {
    const queueUrl = urls[mapping.queue];
    const queueArn = arns[mapping.queue];
    if (queueUrl === undefined || queueArn === undefined) {
      throw new Error(
        `serverless.yml: ${mapping.functionName} listens to an unknown queue, ${mapping.queue}`,
      );
    }
    const source = startEventSource({
      client,
      queueUrl,
      queueArn,
      mapping,
      invoke,
      ...(onError && { onError }),
    });
    closers.add(() => Promise.race([source.stop(), delay(stopPatienceMs, undefined, { ref: false })]));
  }
}

/** How long invocations that are under way may go on when the stack is stopped. */
const stopPatienceMs = 2000;
