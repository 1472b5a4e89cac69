import { fileURLToPath } from "node:url";
import { parseConfig } from "../../lib/config/parse.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { startGateway } from "./aws/gateway.ts";
import { createInvoke, type Invoke } from "./aws/invoke.ts";
import { startOffline } from "./aws/offline.ts";
import { type Queues, startQueues } from "./aws/queues.ts";
import { type Secrets, startSecrets } from "./aws/secrets.ts";
import { readService } from "./aws/template.ts";
import { type Closers, createClosers } from "./closers.ts";
import { contactRealSides } from "./stack/contact.ts";
import { addresses, proxyVariables, webhookUrl, withoutAws } from "./stack/environment.ts";
import { startEventSources } from "./stack/event-sources.ts";
import type { StackOptions } from "./stack/options.ts";
import { createPlayback, type Playback } from "./stack/playback.ts";
import { credentialsSecret, secretIds, webhookSecret } from "./stack/secrets.ts";
import { readSettings, type Settings } from "./stack/settings.ts";
import { type Simulators, startSimulators } from "./stack/simulators.ts";

/** The whole pipeline on this machine. */
export interface Stack extends Simulators {
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

  const simulators = await startSimulators(settings, env, options, root, closers);
  // What the functions would choke on later is said now, all at once.
  const config = parseConfig(simulators.env);
  await loadMapper(config.mapping);
  await contactRealSides(settings, config, (sentence) => onTrouble?.(sentence), signal);
  const queues = await startQueues(service);
  closers.add(() => queues.close());
  const secrets = await startSecrets({
    [secretIds.webhook]: webhookSecret(settings),
    [secretIds.credentials]: credentialsSecret(simulators.env),
  });
  closers.add(() => secrets.close());

  const offline = await startOffline({
    root,
    env: {
      ...withoutAws(simulators.env),
      ...addresses(service, queues, secrets),
      ...proxyVariables(env),
      WEBHOOK_URL: webhookUrl(gateway.url, settings, env),
    },
    ...(signal && { signal }),
    ...(onLog && { onLog }),
    ...(onTrouble && { onTrouble }),
  });
  closers.add(() => offline.stop());
  const invoke = createInvoke(offline.lambdaUrl);
  const playback = playbackFor(simulators, options);
  const invokeHeard: Invoke = (name, event) => {
    playback?.hear(event);
    return invoke(name, event);
  };
  startEventSources(service, queues, invokeHeard, options, closers);
  gateway.open(offline.httpPort);

  return {
    ...simulators,
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

/** Where Bitbucket is simulated with the demo's data, events of one's own are played back into it. */
function playbackFor({ bitbucket }: Simulators, { bitbucketOptions }: StackOptions): Playback | undefined {
  if (bitbucket === undefined || bitbucketOptions !== undefined) return undefined;
  const playback = createPlayback(bitbucket);
  bitbucket.setIntercept(playback.intercept);
  return playback;
}
