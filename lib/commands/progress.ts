import type { WriteStream } from "node:tty";
import type { BackfillContext } from "../backfill/context.ts";
import type { Kind } from "../bitbucket/objects.ts";

/** Shows how far a backfill is: one line that is redrawn on a terminal, a plain line now and then elsewhere. */
export interface Progress {
  readonly report: NonNullable<BackfillContext["progress"]>;
  wrote(): void;
  end(): void;
}

const redrawMs = 100;
const plainMs = 10_000;
const shown: readonly Kind[] = ["user", "project", "repository", "pull-request"];

export function createProgress(stream: Pick<WriteStream, "write" | "isTTY">): Progress {
  const started = performance.now();
  const known = new Map<Kind, number>();
  const done = new Map<Kind, number>();
  let writes = 0;
  let drawnAt = started;

  function draw(): void {
    const now = performance.now();
    if (now - drawnAt < (stream.isTTY ? redrawMs : plainMs)) return;
    drawnAt = now;
    const parts = shown.map((kind) => `${kind} ${done.get(kind) ?? 0}/${known.get(kind) ?? 0}`);
    const seconds = (now - started) / 1000;
    const all = sum(done);
    const rate = `${Math.round(all / seconds)}/s`;
    const left =
      all === 0 ? "" : `, ${Math.round(((sum(known) - all) * seconds) / all)} s left of what is known`;
    const line = `${parts.join(", ")}; ${writes} written, ${rate}${left}`;
    stream.write(stream.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
  }

  return {
    report(kind, change) {
      known.set(kind, (known.get(kind) ?? 0) + (change.known ?? 0));
      done.set(kind, (done.get(kind) ?? 0) + (change.done ?? 0));
      draw();
    },
    wrote() {
      writes++;
      draw();
    },
    end() {
      if (stream.isTTY) stream.write("\r\x1b[2K");
    },
  };
}

function sum(counts: ReadonlyMap<Kind, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
