import type { SQSRecord } from "aws-lambda";

/**
 * Reads a function's partial answer to a batch the way Lambda does.
 * @returns the records that are done and leave the queue; none when the answer is malformed
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function doneRecords(records: readonly SQSRecord[], answer: unknown): readonly SQSRecord[] {
  const failures = readFailures(answer);
  if (failures === undefined) return [];
  const ids = new Set(records.map(({ messageId }) => messageId));
  const failed = new Set<string>();
  for (const failure of failures) {
    const id = isObject(failure) ? failure["itemIdentifier"] : undefined;
    // Nobody knows what the function meant: Lambda takes the whole batch as failed.
    if (typeof id !== "string" || !ids.has(id)) return [];
    failed.add(id);
  }
  return records.filter(({ messageId }) => !failed.has(messageId));
}

/** The list of failures, empty where all went well, undefined where the answer cannot be understood. */
function readFailures(answer: unknown): readonly unknown[] | undefined {
  if (answer === null || answer === undefined) return [];
  if (!isObject(answer)) return undefined;
  const failures = answer["batchItemFailures"] ?? [];
  return Array.isArray(failures) ? failures : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
