import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { toEvents, toRecord } from "../../../../infra/local/aws/sqs-event.ts";

describe("toRecord", () => {
  it("has the shape that Lambda hands out", () => {
    const message = {
      MessageId: "1",
      ReceiptHandle: "r",
      Body: "{}",
      MD5OfBody: "m",
      Attributes: { ApproximateReceiveCount: "2", MessageGroupId: "g" },
      MessageAttributes: {
        reason: { DataType: "String", StringValue: "why" },
        bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(1, 2) },
      },
    };
    expect(toRecord(message, "arn:aws:sqs:eu-west-1:000000000000:live.fifo")).toEqual({
      messageId: "1",
      receiptHandle: "r",
      body: "{}",
      md5OfBody: "m",
      attributes: { ApproximateReceiveCount: "2", MessageGroupId: "g" },
      messageAttributes: {
        reason: { dataType: "String", stringValue: "why", stringListValues: [], binaryListValues: [] },
        bytes: { dataType: "Binary", binaryValue: "AQI=", stringListValues: [], binaryListValues: [] },
      },
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:live.fifo",
      awsRegion: "eu-west-1",
    });
  });
});

describe("toEvents", () => {
  const records = [100, 100, 250, 10].map((size) => ({ body: "x".repeat(size) }) as SQSRecord);

  it("keeps together what fits", () => {
    expect(toEvents(records)).toEqual([{ Records: records }]);
  });

  it("spreads what does not fit, in order", () => {
    const events = toEvents(records, 260);
    expect(events.map(({ Records }) => Records.map(({ body }) => body.length))).toEqual([
      [100, 100],
      [250],
      [10],
    ]);
  });

  it("makes no event of nothing", () => {
    expect(toEvents([])).toEqual([]);
  });
});
