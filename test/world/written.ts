import type { Write } from "../../infra/local/simulators/port/server.ts";
import type { Actor } from "./acting.ts";
import { fieldsOf } from "./catalog.ts";
import { changes } from "./track.ts";

/** A write in one line: when, by whom, on whose account, and what it changed. */
export function described(write: Write, actor: Actor | undefined, start: number): string {
  const seconds = ((write.at - start) / 1000).toFixed(2);
  const [before, after] = [write.before, write.after].map((entity) => (entity ? fieldsOf(entity) : {}));
  const changed = changes(before ?? {}, after ?? {}).map(
    ({ field, old, text }) => `${field}: ${old} → ${text}`,
  );
  const who = actor === undefined ? (write.userAgent ?? "by hand") : `${actor.name} (${actor.about})`;
  const what = write.action === "delete" ? "" : ` ${changed.join(", ")}`;
  return `${seconds} s ${write.bare ? "bare " : ""}${write.action} by ${who}:${what}`;
}
