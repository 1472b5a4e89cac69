import type { StackSecret } from "../stack-secret.ts";
import type { SecretReader } from "./secrets.ts";

/**
 * What a parser makes of a secret's current value: the same object for the same value. What it throws for is not
 * remembered, so that a secret that was filled in a moment ago is good at once.
 * @returns a function that throws what the reader and the parser throw
 */
export function parsedSecret<Parsed>(
  reader: SecretReader,
  secret: StackSecret,
  parse: (value: string) => Parsed,
): (signal?: AbortSignal) => Promise<Parsed> {
  let last: { readonly value: string; readonly parsed: Parsed } | undefined;
  return async (signal) => {
    const value = await reader.read(secret, signal);
    if (last?.value === value) return last.parsed;
    try {
      last = { value, parsed: parse(value) };
      return last.parsed;
    } catch (error) {
      reader.forget(secret);
      throw error;
    }
  };
}
