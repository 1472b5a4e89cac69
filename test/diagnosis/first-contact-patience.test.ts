import { expect, test } from "vitest";
import type { Call } from "../../infra/local/simulators/http.ts";
import { startBackfill } from "../support/backfill.ts";

const limited = { status: 429, headers: { "retry-after": "6" }, body: "" };

// Each waits for seconds, so that they wait together.
test.concurrent.each<[string, "bitbucket" | "port", object, RegExp]>([
  [
    "maintenance",
    "bitbucket",
    { status: 503, headers: { "retry-after": "6" }, body: "<html>Back soon</html>" },
    /^Bitbucket answers 503 and asks for 6 s: it is in maintenance or not well.*try again later\. Tried: GET projects/,
  ],
  [
    "a rate limit",
    "bitbucket",
    limited,
    /^Bitbucket limits the rate of calls and asks for 6 s: try again later\. Tried: GET projects/,
  ],
  [
    "Port's rate limit at the log-in",
    "port",
    { ...limited, body: { ok: false } },
    /^Port limits the rate of calls.*PORT_API_URL/,
  ],
])("%s is told at once and waited for: it is no wrong setting", async (_, side, fault, words) => {
  const own = await startBackfill({ maxWaitMs: 10_000 });
  const heard: string[] = [];
  let refused = 0;
  const refuse = ({ path }: Call) =>
    /\/(projects|access_token)$/.test(path) && heard.length === 0 && ++refused > 0
      ? (fault as never)
      : undefined;
  if (side === "bitbucket") own.bitbucket.setIntercept(refuse);
  else own.live.simulator.setIntercept(refuse);
  const { problems } = await own.run({ tell: (sentence) => void heard.push(sentence) });
  await own.close();
  expect([problems, refused]).toEqual([[], 1]);
  expect(heard).toEqual([expect.stringMatching(words)]);
});
