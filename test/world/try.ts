import type { Moved } from "../../infra/local/simulators/bitbucket/server.ts";
import { perfectPost } from "./post.ts";
import { runWorld } from "./world.ts";

const [, , seed = "1", moved = "404", kind = "all", seconds = "100", mode = ""] = process.argv;
const t = performance.now();
const clean =
  mode === "clean"
    ? {
        post: perfectPost,
        faults: { share: 0, spellEveryMs: 1e12, spellMs: 0, spellShare: 0 },
        backfills: false,
      }
    : {};
const report = await runWorld({
  seed: Number(seed),
  moved: moved as Moved,
  kind: kind as "all",
  seconds: Number(seconds),
  ...clean,
});
console.log(report.text);
console.log(`${Math.round(performance.now() - t)} ms`);
