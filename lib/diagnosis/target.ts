import type { Service } from "../errors.ts";

/** What an operator calls the other end of a call, and what leads to it. */
export interface Target {
  readonly name: string;
  /** The setting, or the flag, that holds its address. */
  readonly setting: string;
  /** What holds it on AWS. */
  readonly parameter?: string;
  /** Its base URL, where it is known. */
  readonly address?: string | undefined;
}

/** Whom a run works with, as far as it is known. */
export type Sides = Readonly<Partial<Record<Service, { readonly baseUrl: string } | undefined>>>;

/** The side that a call went to. */
export function targetOf(service: Service, sides: Sides): Target {
  const address = sides[service]?.baseUrl;
  return service === "bitbucket"
    ? { name: "Bitbucket", setting: "BITBUCKET_HOST", parameter: "bitbucketHost", address }
    : { name: "Port", setting: "PORT_API_URL", parameter: "portApiUrl", address };
}

/** What was tried, e.g. `Tried: GET projects at https://bitbucket.example.org (BITBUCKET_HOST; on AWS bitbucketHost)`. */
export function tried(operation: string, { setting, parameter, address }: Target): string {
  const at = address === undefined ? "" : ` at ${address}`;
  return `Tried: ${operation}${at} (${setting}${parameter === undefined ? "" : `; on AWS ${parameter}`})`;
}

export function isPlainHttp({ address = "" }: Target): boolean {
  return /^http:/i.test(address);
}
