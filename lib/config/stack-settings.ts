import { ConfigError } from "../errors.ts";
import { isJsonObject, parseJson } from "../json.ts";
import { type StackSecret, whatToPut } from "../stack-secret.ts";
import type { Environment } from "./config.ts";
import { settingNames } from "./parse.ts";

/** A setting that the stack itself makes. @throws ConfigError when it is missing */
export function requireSetting(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === "")
    throw new ConfigError("The stack is not complete", [`${name} is not set`]);
  return value;
}

/** The secret with the credentials of both sides. @throws ConfigError when the stack has none */
export function credentialsSecret(env: Environment): StackSecret {
  return { holds: "credentials", id: requireSetting(env, "CREDENTIALS_SECRET_ID") };
}

/** What a credentials secret is made of. */
export const credentialNames = [
  "PORT_CLIENT_ID",
  "PORT_CLIENT_SECRET",
  "BITBUCKET_TOKEN",
  "BITBUCKET_USERNAME",
  "BITBUCKET_PASSWORD",
];

const ofCredentials = new RegExp(`^(neither )?(${credentialNames.join("|")})\\b`);

/**
 * The settings of the stack together with those of its credentials secret.
 * @param text what the secret holds: a JSON object of texts
 * @param parse `parseConfig`, or another that names the variables that it misses
 * @param tell told of fields that are no settings
 * @throws ConfigError saying which secret, what is wrong with it, and what to put
 */
export function parseStackConfig<Parsed>(
  text: string,
  env: Environment,
  parse: (env: Environment) => Parsed,
  tell: (note: string) => void,
): Parsed {
  const secret = credentialsSecret(env);
  const { fields, unknown } = readFields(text, secret);
  const strange = `the secret ${secret.id} has fields that are no settings: ${unknown.join(", ")}`;
  try {
    const parsed = parse({ ...env, ...fields });
    if (unknown.length > 0) tell(`${strange}; nobody reads them`);
    return parsed;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faults = unknown.length > 0 ? [...error.faults, strange] : error.faults;
    if (unknown.length === 0 && !error.faults.some((fault) => ofCredentials.test(fault))) throw error;
    throw new ConfigError("The settings are not complete", [
      ...faults,
      `credentials belong into the secret ${secret.id}: ${whatToPut(secret)}`,
    ]);
  }
}

/** Of a secret's fields only names are told, and only those that cannot be a value in the wrong place. */
function readFields(text: string, secret: StackSecret) {
  const object = parseJson(text);
  const unusable = (what: string) =>
    new ConfigError("The credentials secret cannot be used", [
      `the secret ${secret.id} ${what}: ${whatToPut(secret)}`,
    ]);
  if (!isJsonObject(object)) throw unusable(object === undefined ? "is not JSON" : "is not a JSON object");
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  const wrong = entries.filter(([name, value]) => settingNames.includes(name) && typeof value !== "string");
  if (wrong.length > 0) throw unusable(`has no text as ${wrong.map(([name]) => name).join(", ")}`);
  const others = entries.map(([name]) => name).filter((name) => !settingNames.includes(name));
  return {
    fields: Object.fromEntries(entries.filter(([name]) => settingNames.includes(name))) as Record<
      string,
      string
    >,
    unknown: others.map((name) =>
      /^[A-Za-z][A-Za-z_ .-]{0,39}$/.test(name) ? name : "one that is not shown here",
    ),
  };
}
