import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, vi } from "vitest";
import { type SecretStages, startSecrets } from "../../infra/local/aws/secrets.ts";
import { createSecretReader } from "../../lib/aws/secrets.ts";
import { webhookSecrets } from "../../lib/aws/webhook-secrets.ts";
import { sign } from "../../lib/bitbucket/signature.ts";
import { accept } from "../../lib/live/accept.ts";
import type { Clock } from "../../lib/setup/rotation-context.ts";
import { createSetupRuntime } from "../../lib/setup/runtime.ts";
import type { SetupSummary } from "../../lib/setup/summary.ts";
import { settingsFor } from "./command.ts";
import { type SetupHarness, startSetup, target, webhooksOf } from "./setup.ts";

type Reach = "before" | "after";

/**
 * A stack whose webhooks are in place, in a time that goes by only where a rotation waits. While it does, Bitbucket
 * delivers by every webhook to every container of the webhook function.
 */
export interface RotationHarness {
  readonly harness: SetupHarness;
  /** Invokes setup with `{rotate: true}`, or with something else. */
  rotate(request?: object): Promise<SetupSummary>;
  /** The same, cut off before or after its n-th call, from 0 on; gives what it threw, or what it did before that. */
  cutOff(call: number, reach: Reach): Promise<unknown>;
  /** Starts a container of the webhook function. */
  container(): Container;
  /** Lets Bitbucket deliver once by every webhook to every container. */
  deliver(): Promise<void>;
  /** Deliveries so far by their answer's status. */
  readonly answers: Map<number, number>;
  /** What webhooks are signed with, without repetition. */
  signedWith(): (string | undefined)[];
  secret(): SecretStages;
  /** Puts a value by hand. */
  put(stages: SecretStages, createdAt?: number): void;
  /** Called at each step of the time, before the deliveries. */
  onStep(happen: () => Promise<void>): void;
  /** Lets time go by, in ms. */
  pass(ms: number): Promise<void>;
  /** The virtual time at which webhooks were written, in ms since the start. */
  readonly writtenAt: number[];
  /** How often a new value was put. */
  readonly puts: () => number;
  close(): Promise<void>;
}

export interface Container {
  /** The status that a delivery with this secret's signature is answered with. */
  answer(secret: string): Promise<number>;
}

/** One new secret at all webhooks, the old one good no more, and no delivery refused on the way. */
export function expectRotated({ answers, signedWith, secret, puts }: RotationHarness): void {
  const { AWSCURRENT, AWSPREVIOUS } = secret();
  expect(AWSCURRENT).toMatch(/^[A-Za-z0-9]{48}$/);
  expect(signedWith()).toEqual([AWSCURRENT]);
  expect(AWSPREVIOUS).toBe(AWSCURRENT);
  expect([...answers.keys()]).toEqual([200]);
  expect(puts()).toBeGreaterThanOrEqual(2);
}

const secretId = "webhook";
const stepMs = 4_000;
const body = Buffer.from('{"eventKey":"nothing:of_interest"}');
const identity = { region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

export async function startRotation(): Promise<RotationHarness> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const now = () => Date.now();
  const harness = await startSetup();
  const cut = { left: Number.POSITIVE_INFINITY, reach: "before" as Reach, by: new AbortController() };
  let puts = 0;
  /** Counts a call of the rotation, and ends it at the one that was asked for. */
  function reached(): "reset" | "apply-then-reset" | undefined {
    if (cut.left-- > 0) return undefined;
    cut.by.abort(new DOMException("The time is up", "TimeoutError"));
    return cut.reach === "before" ? "reset" : "apply-then-reset";
  }
  const { BITBUCKET_HOST, PORT_API_URL, ...credentials } = settingsFor(harness.bitbucket, harness.port);
  const secrets = await startSecrets(
    { credentials: { AWSCURRENT: JSON.stringify(credentials) }, [secretId]: { AWSCURRENT: target.secret } },
    {
      now,
      intercept: async ({ headers }) => {
        if (String(headers["x-amz-target"]).endsWith("PutSecretValue")) puts++;
        return String(headers["user-agent"]).includes("container") ? undefined : reached();
      },
    },
  );
  const env = {
    BITBUCKET_HOST,
    PORT_API_URL,
    CREDENTIALS_SECRET_ID: "credentials",
    WEBHOOK_SECRET_ID: secretId,
    WEBHOOK_URL: target.url,
  };
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.endpoint);
  vi.stubEnv("AWS_REGION", identity.region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", identity.credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", identity.credentials.secretAccessKey);
  const silence = vi.spyOn(process.stdout, "write").mockReturnValue(true);

  await harness.run();
  const began = now();
  const writtenAt: number[] = [];
  harness.bitbucket.setIntercept(({ method }) => {
    if (method !== "GET") writtenAt.push(now() - began);
    return reached();
  });
  const containers: Container[] = [];
  const answers = new Map<number, number>();
  const webhooks = () => [...webhooksOf(harness.bitbucket).values()].flat();

  function container(): Container {
    const client = new SecretsManagerClient({
      ...identity,
      endpoint: secrets.endpoint,
      customUserAgent: "container",
    });
    const known = webhookSecrets(createSecretReader(client, now), secretId);
    let last: Promise<unknown> = Promise.resolve();
    const started: Container = {
      // One after the other, as Lambda has it.
      answer(secret) {
        const headers = { "x-hub-signature": sign(body, secret) };
        const answered = last.then(() => accept({ headers, body }, { secrets: known, send: async () => {} }));
        last = answered;
        return answered.then(({ status }) => status);
      },
    };
    containers.push(started);
    return started;
  }

  async function deliver(): Promise<void> {
    for (const { configuration } of webhooks()) {
      for (const { answer } of containers) {
        const status = await answer(configuration.secret ?? "");
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    }
  }

  let happens = async () => {};
  const clock: Clock = {
    now,
    async wait(ms, signal) {
      for (const until = now() + ms; now() < until; ) {
        signal.throwIfAborted();
        vi.setSystemTime(Math.min(until, now() + stepMs));
        await happens();
        await deliver();
      }
    },
  };
  const rotate = (request: object = { rotate: true }) =>
    createSetupRuntime(env, clock)(request, cut.by.signal);

  return {
    harness,
    rotate,
    async cutOff(call, reach) {
      Object.assign(cut, { left: call, reach, by: new AbortController() });
      try {
        return await rotate();
      } catch (error) {
        return error;
      } finally {
        Object.assign(cut, { left: Number.POSITIVE_INFINITY, by: new AbortController() });
      }
    },
    container,
    deliver,
    answers,
    signedWith: () => [...new Set(webhooks().map(({ configuration }) => configuration.secret))],
    secret: () => secrets.values(secretId),
    put: (stages, createdAt) => secrets.put(secretId, stages, createdAt),
    onStep(happen) {
      happens = happen;
    },
    pass: (ms) => clock.wait(ms, new AbortController().signal),
    writtenAt,
    puts: () => puts,
    async close() {
      silence.mockRestore();
      vi.unstubAllEnvs();
      vi.useRealTimers();
      await Promise.all([harness.close(), secrets.close()]);
    },
  };
}
