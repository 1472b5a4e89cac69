import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Secrets, startSecrets } from "../../../../infra/local/aws/secrets.ts";

describe("startSecrets", () => {
  let secrets: Secrets;
  let client: SecretsManagerClient;
  beforeAll(async () => {
    secrets = await startSecrets({
      webhook: { AWSCURRENT: "new", AWSPREVIOUS: "old" },
      unset: { AWSCURRENT: undefined },
    });
    client = new SecretsManagerClient({
      endpoint: secrets.endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
  });
  afterAll(async () => {
    client.destroy();
    await secrets.close();
  });

  it("gives the current value", async () => {
    expect(await client.send(new GetSecretValueCommand({ SecretId: "webhook" }))).toMatchObject({
      SecretString: "new",
      VersionStages: ["AWSCURRENT"],
    });
  });

  it("gives the previous value", async () => {
    const command = new GetSecretValueCommand({ SecretId: "webhook", VersionStage: "AWSPREVIOUS" });
    expect(await client.send(command)).toMatchObject({ SecretString: "old" });
  });

  it.each([
    ["a secret that is not there", { SecretId: "other" }],
    ["a secret without a value", { SecretId: "unset" }],
    ["a stage that is not there", { SecretId: "webhook", VersionStage: "AWSPENDING" }],
  ])("does not find %s", async (_, input) => {
    await expect(client.send(new GetSecretValueCommand(input))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
  });

  it("refuses operations that it does not play", async () => {
    const command = new DescribeSecretCommand({ SecretId: "webhook" });
    await expect(client.send(command)).rejects.toMatchObject({ name: "UnknownOperationException" });
  });

  it("shows a rotation at once", async () => {
    secrets.put("rotated", { AWSCURRENT: "1" });
    secrets.put("rotated", { AWSCURRENT: "2", AWSPREVIOUS: "1" });
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: "rotated" }));
    expect(SecretString).toBe("2");
  });
});
