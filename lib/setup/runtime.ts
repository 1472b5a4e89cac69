import { describeError, log } from "../aws/log.ts";
import { createVersionedSecret } from "../aws/secret-version.ts";
import { createSecretReader } from "../aws/secrets.ts";
import { createSecretsClient } from "../aws/secrets-manager.ts";
import type { Config, Environment } from "../config/config.ts";
import { parseSetupConfig } from "../config/parse.ts";
import { credentialsSecret, parseStackConfig } from "../config/stack-settings.ts";
import type { StackSecret } from "../stack-secret.ts";
import { setUpByHand } from "./by-hand.ts";
import { createPortSide, createSetupContext } from "./create-context.ts";
import { diagnose } from "./diagnose.ts";
import { parseSetupRequest } from "./request.ts";
import { rotate, rotateDry } from "./rotate.ts";
import { type Clock, realClock } from "./rotation-context.ts";
import { setup } from "./setup.ts";
import { withSigningSecret } from "./signing-client.ts";
import { signingSecret } from "./signing-secret.ts";
import { type SetupSummary, withNotes } from "./summary.ts";
import { readTarget, webhookSecret } from "./target.ts";

/** Runs a setup with the stack's own settings; `signal` ends its calls. */
export type SetupRuntime = (input: unknown, signal: AbortSignal) => Promise<SetupSummary>;

/**
 * Other than the command on somebody's machine this one has the stack's secret in its hands: with `rotate` it does not
 * only send the secret, but makes a new one and ends the old one.
 * @param clock tests bring their own; there is no setting for it, as waits cut short would cost events
 * @throws ConfigError when settings are missing or wrong, or with what is wrong with a side. It has no stack trace:
 * whoever invokes the function sees its words and nothing else.
 */
export function createSetupRuntime(env: Environment, clock: Clock = realClock): SetupRuntime {
  return async (input, signal) => {
    try {
      const summary = await run(input, signal, env, clock);
      log(summary.ok ? "info" : "error", "setup done", { failed: summary.webhooks.failed.slice(0, 20) });
      return summary;
    } catch (error) {
      log("error", "setup failed", describeError(error));
      if (error instanceof Error) error.stack = "";
      throw error;
    }
  };
}

async function run(
  input: unknown,
  signal: AbortSignal,
  env: Environment,
  clock: Clock,
): Promise<SetupSummary> {
  const request = parseSetupRequest(input);
  // A setup is rare, and has to see what has just been changed: nothing is kept between two.
  const client = createSecretsClient();
  const secrets = createSecretReader(client);
  const tell = (note: string) => log("warn", "setup note", { note });
  const notes: string[] = [];
  const config = parseStackConfig(
    await secrets.read(credentialsSecret(env), signal),
    // The stack leaves it out where bitbucketHost is none; nobody can forget it there.
    { ...env, BITBUCKET_HOST: env["BITBUCKET_HOST"] || "none" },
    parseSetupConfig,
    (note) => void notes.push(note),
  );
  notes.forEach(tell);
  const summary = await runWith(config);
  return withNotes(summary, notes);

  async function runWith({ bitbucket, ...others }: Config): Promise<SetupSummary> {
    const stackSecret = webhookSecret(env);
    const target = await readTarget(env, secrets, signal);
    if (bitbucket === undefined) {
      const port = createPortSide(config, tell, () => signal);
      return setUpByHand(request, { url: target.url, secretPlace: placeOf(stackSecret) }, port);
    }
    const secret = createVersionedSecret(stackSecret, client, signal);
    const plain = createSetupContext({ ...others, bitbucket }, target, tell, () => signal);
    const signing = withSigningSecret(plain.bitbucket, () => signingSecret(secret, clock.now));
    const context = { ...plain, bitbucket: signing };
    const sendSecret = () => setup(request, context);
    if (!request.rotate) return sendSecret();
    return (request.dryRun ? rotateDry : rotate)({
      secret,
      diagnose: () => diagnose(request, context),
      sendSecret,
      clock,
      signal,
    });
  }
}

function placeOf({ id }: StackSecret): string {
  return `aws secretsmanager get-secret-value --secret-id ${id} --query SecretString --output text`;
}
