import * as z from "zod/mini";
import { ConfigError } from "../errors.ts";

const flag = z._default(z.boolean("is neither true nor false"), false);

const requestSchema = z.strictObject(
  {
    /** Takes our webhooks away. */
    remove: flag,
    /** Sends the secret to the webhooks that are there already. */
    rotate: flag,
    /** Writes nothing. */
    dryRun: flag,
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `does not have ${issue.keys.join(", ")}` : "is not an object",
  },
);

/** What a setup can be asked for. */
export type SetupRequest = z.infer<typeof requestSchema>;

/**
 * Checks what a setup is asked for, e.g. `{"rotate": true}`.
 * @throws ConfigError naming every fault
 */
export function parseSetupRequest(input: unknown): SetupRequest {
  const parsed = requestSchema.safeParse(input ?? {});
  const issues = parsed.error?.issues ?? [];
  const faults = issues.map(({ path, message }) => `${path.join(".") || "the input"} ${message}`);
  if (parsed.data?.remove && parsed.data.rotate) faults.push("remove and rotate exclude each other");
  if (parsed.data === undefined || faults.length > 0) {
    throw new ConfigError("This is not what a setup can be asked for", faults);
  }
  return parsed.data;
}
