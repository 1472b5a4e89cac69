import type { EntityName } from "./names.ts";
import { type FileRecord, wroteOf } from "./record.ts";

/** The record of a file that is not there any more, or whose repository is not, until what it defined has gone. */
export function goneRecord(record: FileRecord, leaving: readonly EntityName[]): FileRecord {
  return {
    ...record,
    status: "OK",
    problems: ["the file is not there any more: what it defined goes with it"],
    entities: [],
    created: record.created.filter((name) => leaving.includes(name)),
    waiting: [],
    leaving,
    references: [],
    wrote: Object.fromEntries(leaving.map((name) => [name, wroteOf(record, name)])),
    retry: false,
    unclear: false,
    gone: true,
  };
}
