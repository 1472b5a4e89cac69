import { randomBytes } from "node:crypto";
import { levels } from "../../../lib/aws/log.ts";
import { ConfigError } from "../../../lib/errors.ts";

/** What the environment says about Bitbucket and Port. */
export interface Settings {
  readonly realBitbucket: boolean;
  readonly realPort: boolean;
  /** The secret that signs webhooks; undefined = none is configured, and every request is refused. */
  readonly secret: string | undefined;
  readonly previousSecret: string | undefined;
  /** Whether files in the repositories describe entities. */
  readonly isGitops: boolean;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A side is real when the environment names it: Bitbucket by `BITBUCKET_HOST`, Port by `PORT_CLIENT_ID`.
 * With both simulated nobody else has to know the secret, so that one is made up when none is given.
 */
export function readSettings(env: Environment): Settings {
  const level = env["LOG_LEVEL"];
  if (isSet(level) && !(levels as readonly string[]).includes(level)) {
    throw new ConfigError("The settings are wrong", [`LOG_LEVEL is none of ${levels.join(", ")}`]);
  }
  const realBitbucket = isSet(env["BITBUCKET_HOST"]);
  const realPort = isSet(env["PORT_CLIENT_ID"]);
  const allSimulated = !realBitbucket && !realPort;
  const secret = env["WEBHOOK_SECRET"] ?? (allSimulated ? randomBytes(20).toString("hex") : undefined);
  return {
    realBitbucket,
    realPort,
    isGitops: isSet(env["GITOPS_FILES"]),
    secret: isSet(secret) ? secret : undefined,
    previousSecret: isSet(env["WEBHOOK_SECRET_PREVIOUS"]) ? env["WEBHOOK_SECRET_PREVIOUS"] : undefined,
  };
}

/** Whether a variable is there and not blank. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}
