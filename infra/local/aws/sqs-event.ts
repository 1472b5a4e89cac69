import type { Message } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSMessageAttributes, SQSRecord } from "aws-lambda";

/** Lambda takes no more in one invocation, in bytes of JSON. */
export const maximumPayload = 6 * 1024 * 1024;

/** A received message as Lambda hands it to a function. */
export function toRecord(message: Message, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: { ...message.Attributes } as unknown as SQSRecord["attributes"],
    messageAttributes: attributes(message),
    md5OfBody: message.MD5OfBody ?? "",
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(":")[3] ?? "",
  };
}

function attributes(message: Message): SQSMessageAttributes {
  return Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      {
        dataType: value.DataType ?? "String",
        ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
        ...(value.BinaryValue === undefined
          ? {}
          : { binaryValue: Buffer.from(value.BinaryValue).toString("base64") }),
        stringListValues: [],
        binaryListValues: [],
      },
    ]),
  );
}

/** Spreads records over as few events as fit Lambda's payload limit, in their order. */
export function toEvents(records: readonly SQSRecord[], limit = maximumPayload): SQSEvent[] {
  const events: SQSEvent[] = [];
  let bytesLeft = 0;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    const last = events.at(-1);
    if (last === undefined || size > bytesLeft) {
      events.push({ Records: [record] });
      bytesLeft = limit - Buffer.byteLength(`{"Records":[]}`) - size;
    } else {
      last.Records.push(record);
      bytesLeft -= size;
    }
  }
  return events;
}
