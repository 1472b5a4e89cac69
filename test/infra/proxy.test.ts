import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSecrets } from "../../infra/local/aws/secrets.ts";
import { freePort } from "../../infra/local/aws/server.ts";
import { createClosers } from "../../infra/local/closers.ts";
import { settingsFor } from "../support/command.ts";
import { type ConnectProxy, startProxy } from "../support/connect-proxy.ts";
import { type PackagedStack, packageStack } from "../support/package-stack.ts";
import { caCertificate, startTlsProxy } from "../support/private-ca.ts";
import { startQueueHarness } from "../support/queues.ts";
import { startSetup, target } from "../support/setup.ts";
import { resourcesOf } from "../support/template.ts";

const closers = createClosers();
afterAll(() => closers.close());

/** What all calls of the functions go to, and who is asked for it. */
const names = {
  bitbucket: "bitbucket.example.org",
  port: "port.example.org",
  sqs: "queues.example.org",
  secrets: "secrets.example.org",
};
const params = {
  bitbucketHost: `https://${names.bitbucket}`,
  portApiUrl: `https://${names.port}/v1`,
  noProxy: "sqs.example.com, amazonaws.com",
  webhookUrl: target.url,
};
let proxy: ConnectProxy;
let stack: PackagedStack;
let environment: Record<string, string>;
beforeAll(async () => {
  const [harness, queues] = await Promise.all([startSetup(), startQueueHarness()]);
  const { BITBUCKET_HOST, PORT_API_URL, ...credentials } = settingsFor(harness.bitbucket, harness.port);
  const secrets = await startSecrets({
    credentials: { AWSCURRENT: JSON.stringify(credentials) },
    webhook: { AWSCURRENT: target.secret },
  });
  const behind = {
    [names.bitbucket]: harness.bitbucket.url,
    [names.port]: harness.port.url.replace("/v1", ""),
    [names.sqs]: queues.queues.endpoint,
    [names.secrets]: secrets.endpoint,
  };
  const hosts: Record<string, string> = {};
  for (const [name, url] of Object.entries(behind)) {
    const server = await startTlsProxy(url);
    closers.add(server.close);
    hosts[name] = server.url;
  }
  proxy = await startProxy({ hosts, login: "functions:pass/word" });
  for (const part of [harness, queues, secrets, proxy]) closers.add(part.close);
  const httpsProxy = proxy.url.replace("//", "//functions:pass%2Fword@");
  stack = await packageStack({ stage: "prod", params: { ...params, httpsProxy } }, closers);
  const caFile = join(stack.folder, "ca.pem");
  await writeFile(caFile, caCertificate);
  environment = {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_SQS: `https://${names.sqs}`,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `https://${names.secrets}`,
    BACKFILL_QUEUE_URL: `https://${names.sqs}${new URL(queues.queues.urls["BackfillQueue"] ?? "").pathname}`,
    CREDENTIALS_SECRET_ID: "credentials",
    WEBHOOK_SECRET_ID: "webhook",
    NODE_EXTRA_CA_CERTS: caFile,
  };
}, 180_000);

/** The variables that the template gives a function, those that need no stack. */
function variables(key: string): Record<string, string> {
  const all = stack.template.Resources[`${key}LambdaFunction`]?.Properties["Environment"].Variables;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => typeof value === "string")) as Record<
    string,
    string
  >;
}

/** Invokes a function's bundle as Lambda does: a process of its own that has the function's variables from the start. */
async function invoke(name: string, event: object, env: Record<string, string> = {}) {
  const bundle = join(await stack.unpack(name), `functions/${name}.mjs`);
  const script = `
    const { handler } = await import(${JSON.stringify(bundle)});
    const context = { getRemainingTimeInMillis: () => 60_000 };
    const answer = await handler(${JSON.stringify(event)}, context).catch((error) => ({ failed: error.message }));
    process.stdout.write(JSON.stringify(answer) + "\\n", () => process.exit());`;
  const key = name.charAt(0).toUpperCase() + name.slice(1);
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: join(bundle, "../.."),
    env: { ...variables(key), ...environment, ...env },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const answer = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Record<string, unknown>;
  return { answer, said: stdout + stderr };
}

describe("the functions that call out go by the proxy", () => {
  it("to Bitbucket, Port, SQS and Secrets Manager", async () => {
    proxy.asked.length = 0;
    expect(await invoke("setup", {})).toMatchObject({ answer: { ok: true } });
    expect(await invoke("resync", {})).toMatchObject({ answer: { problems: [] } });
    expect(new Set(proxy.asked)).toEqual(new Set(Object.values(names).map((name) => `${name}:443`)));
  });

  it("but for what NO_PROXY names: SQS and Secrets Manager obey it, too", async () => {
    proxy.asked.length = 0;
    const env = { NO_PROXY: "example.org", AWS_MAX_ATTEMPTS: "1" };
    const { answer } = await invoke("setup", {}, env);
    // Nobody but the proxy knows those names.
    expect(answer["failed"]).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(answer["failed"]).not.toContain("proxy");
    expect(proxy.asked).toEqual([]);
  });

  it("all but the webhook, which is in no VPC and talks to AWS alone", () => {
    for (const [id, { Properties }] of resourcesOf(stack.template, "AWS::Lambda::Function")) {
      const { HTTPS_PROXY, NO_PROXY, NODE_USE_ENV_PROXY } = Properties["Environment"].Variables;
      if (id === "WebhookLambdaFunction") expect(HTTPS_PROXY).toBeUndefined();
      else {
        expect(NODE_USE_ENV_PROXY, id).toBe("1");
        expect(NO_PROXY).toMatch(/^localhost,127\.0\.0\.1,.*,amazonaws\.com,\.amazonaws\.com$/);
      }
    }
  });
});

describe("a proxy that does not do its work is named in the answer and in the log, without its password", () => {
  it.each([
    [
      "nothing listens",
      async () => `http://127.0.0.1:${await freePort()}`,
      /cannot be reached: nothing listens/,
    ],
    ["it does not accept the password", async () => proxy.url, /\(407\)/],
  ])("%s", async (_, url, words) => {
    const HTTPS_PROXY = (await url()).replace("//", "//functions:hush-hush@");
    for (const name of ["setup", "resync"]) {
      const { answer, said } = await invoke(name, {}, { HTTPS_PROXY });
      expect(answer["failed"]).toMatch(/^the proxy in HTTPS_PROXY \(on AWS: httpsProxy\)/);
      expect(answer["failed"]).toMatch(words);
      expect(said).toMatch(/"error":"ProxyError","errorCode":"proxy_\w+","detail":"the proxy/);
      expect(said).not.toContain("hush-hush");
    }
  });

  it("and says what it does not lead to", async () => {
    const HTTPS_PROXY = proxy.url.replace("//", "//functions:pass%2Fword@");
    const env = { HTTPS_PROXY, AWS_ENDPOINT_URL_SECRETS_MANAGER: "https://elsewhere.example.org" };
    const { answer } = await invoke("setup", {}, env);
    expect(answer["failed"]).toMatch(/cannot connect to Secrets Manager \(502\)/);
  });
});
