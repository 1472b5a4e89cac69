import { ConfigError } from "../../lib/errors.ts";

/** The error that ends a packaging. osls shows the stack; whoever packages needs the words and nothing else. */
export function wrong(subject: string, faults: readonly string[]): ConfigError {
  const error = new ConfigError(subject, faults);
  error.stack = error.message;
  return error;
}
