import type { IncomingMessage } from "node:http";
import type { OutputListeners } from "../aws/osls-output.ts";
import type { Environment } from "./settings.ts";
import type { SimulatorOptions } from "./simulators.ts";

export interface StackOptions extends SimulatorOptions, OutputListeners {
  /** Where the webhook is served; 0 (the default) picks a free port. */
  readonly httpPort?: number;
  /** Settings and credentials by the names of `.env.example`; default: none, so that Bitbucket and Port are simulated. */
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
