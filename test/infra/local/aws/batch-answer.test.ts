import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { doneRecords } from "../../../../infra/local/aws/batch-answer.ts";

const records = ["a", "b", "c"].map((messageId) => ({ messageId }) as SQSRecord);

function done(answer: unknown): string[] {
  return doneRecords(records, answer).map(({ messageId }) => messageId);
}

describe("doneRecords", () => {
  it.each([
    ["nothing", undefined],
    ["null", null],
    ["an empty object", {}],
    ["an empty list", { batchItemFailures: [] }],
    ["null as the list", { batchItemFailures: null }],
  ])("takes all as done on %s", (_, answer) => {
    expect(done(answer)).toEqual(["a", "b", "c"]);
  });

  it("keeps the failed ones", () => {
    expect(done({ batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "b" }] })).toEqual([
      "a",
      "c",
    ]);
  });

  it.each([
    ["an unknown id", { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "z" }] }],
    ["an empty id", { batchItemFailures: [{ itemIdentifier: "" }] }],
    ["a null id", { batchItemFailures: [{ itemIdentifier: null }] }],
    ["another key", { batchItemFailures: [{ messageId: "a" }] }],
    ["a bare id", { batchItemFailures: ["a"] }],
    ["no list", { batchItemFailures: "a" }],
    ["a text", "fine"],
    ["a list", []],
  ])("takes none as done on %s", (_, answer) => {
    expect(done(answer)).toEqual([]);
  });
});
