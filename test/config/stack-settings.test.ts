import { expect, test } from "vitest";
import { parseConfig } from "../../lib/config/parse.ts";
import { parseStackConfig } from "../../lib/config/stack-settings.ts";
import { ConfigError } from "../../lib/errors.ts";

const env = { CREDENTIALS_SECRET_ID: "arn:secret" };
const good = { PORT_CLIENT_ID: "client", PORT_CLIENT_SECRET: "hush-hush" };

function faultsOf(text: string): readonly string[] {
  try {
    parseStackConfig(text, env, parseConfig, () => {});
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain("hush");
    return error.faults;
  }
  return [];
}

const put = ".*PORT_CLIENT_ID.*put-secret-value --secret-id arn:secret";
const belongs = expect.stringMatching(`^credentials belong into the secret arn:secret: put${put}`);

test.each<[string, string, unknown[]]>([
  [
    "is no JSON",
    "client=hush-hush",
    [expect.stringMatching(`^the secret arn:secret is not JSON: put${put}`)],
  ],
  ["is a list", '["hush-hush"]', [expect.stringMatching(/is not a JSON object: put/)]],
  ["is a text", '"hush-hush"', [expect.stringMatching(/is not a JSON object: put/)]],
  [
    "has a number for a text",
    '{"PORT_CLIENT_ID": 7, "PORT_CLIENT_SECRET": ["hush-hush"]}',
    [expect.stringMatching(/has no text as PORT_CLIENT_ID, PORT_CLIENT_SECRET: put/)],
  ],
  ["is as the stack made it", "{}", ["PORT_CLIENT_ID is not set", "PORT_CLIENT_SECRET is not set", belongs]],
  [
    "has a misspelt field",
    '{"PORT_CLIENT_ID": "client", "PORT_SECRET": "hush-hush"}',
    [
      "PORT_CLIENT_SECRET is not set",
      "the secret arn:secret has fields that are no settings: PORT_SECRET",
      belongs,
    ],
  ],
  [
    "has a value where a name belongs",
    '{"PORT_CLIENT_ID": "client", "hush-0123": "PORT_CLIENT_SECRET"}',
    [
      "PORT_CLIENT_SECRET is not set",
      "the secret arn:secret has fields that are no settings: one that is not shown here",
      belongs,
    ],
  ],
])("a credentials secret that %s is told in words", (_, text, faults) => {
  expect(faultsOf(text)).toEqual(faults);
});

test("a fault of other settings is not the secret's", () => {
  const parse = () =>
    parseStackConfig(JSON.stringify(good), { ...env, MAX_DELETE_PERCENT: "x" }, parseConfig, () => {});
  expect(parse).toThrow(/MAX_DELETE_PERCENT is not a whole number/);
  expect(parse).not.toThrow(/arn:secret/);
});

test("fields that are no settings are told and cost nothing; a null is no field", () => {
  const notes: string[] = [];
  const text = JSON.stringify({ ...good, comment: "ask Ann", BITBUCKET_TOKEN: null });
  const config = parseStackConfig(text, env, parseConfig, (note) => void notes.push(note));
  expect(config.port).toMatchObject({ clientId: "client", clientSecret: "hush-hush" });
  expect(notes).toEqual([
    "the secret arn:secret has fields that are no settings: comment; nobody reads them",
  ]);
});
