import { type Environment, parseBackfillConfig } from "../../config.ts";
import { describeError, log } from "../../log.ts";
import { createSecretReader } from "../../secrets.ts";
import { readCredentials, requireSetting } from "../stack-settings.ts";
import { createSetupContext } from "./clients.ts";
import { setup } from "./setup.ts";
import type { SetupSummary } from "./summary.ts";
import { readTarget } from "./target.ts";

/** Runs a setup with the stack's own settings; `signal` ends its calls. */
export type SetupRuntime = (input: unknown, signal: AbortSignal) => Promise<SetupSummary>;

/**
 * @throws ConfigError when settings are missing or wrong, or with what is wrong with a side. It has no stack trace:
 * whoever invokes the function sees its words and nothing else.
 */
export function createSetupRuntime(env: Environment): SetupRuntime {
  return async (input, signal) => {
    try {
      // A setup is rare, and has to see what has just been changed: nothing is kept between two.
      const secrets = createSecretReader();
      const secretId = requireSetting(env, "CREDENTIALS_SECRET_ID");
      const [credentials = "{}"] = await secrets.read(secretId, ["AWSCURRENT"], signal);
      const config = parseBackfillConfig({ ...env, ...readCredentials(credentials) });
      const target = await readTarget(env, secrets, signal);
      const tell = (note: string) => log("warn", "setup note", { note });
      const summary = await setup(
        input,
        createSetupContext(config, target, tell, () => signal),
      );
      log(summary.ok ? "info" : "error", "setup done", { failed: summary.webhooks.failed.slice(0, 20) });
      return summary;
    } catch (error) {
      log("error", "setup failed", describeError(error));
      if (error instanceof Error) error.stack = "";
      throw error;
    }
  };
}
