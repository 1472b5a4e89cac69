import { describe, expect, it } from "vitest";
import { readService } from "../../../../infra/local/aws/template.ts";
import { projectRoot } from "../../../support/package-stack.ts";

describe("readService", () => {
  it("reads the event sources with their settings", () => {
    expect(readService(projectRoot, "local").eventSources).toContainEqual({
      functionName: "bitbucket-port-sync-local-consumer",
      queue: "LiveQueue",
      batchSize: 10,
      maximumConcurrency: 5,
      partialAnswers: true,
    });
  });

  it("puts the service and the stage into names", () => {
    const { queues } = readService(projectRoot, "test");
    expect(queues["BackfillQueue"]?.["QueueName"]).toBe("bitbucket-port-sync-test-backfill.fifo");
  });
});
