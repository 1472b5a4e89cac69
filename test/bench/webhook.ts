import type { Benchmark } from "./benchmark.ts";
import { startContainer } from "./container.ts";
import { delivery } from "./delivery.ts";
import { startStand } from "./stand.ts";
import { median, quantile } from "./statistics.ts";
import { interleaved, lives } from "./workload.ts";

const events = 2_000;
const warmUps = 200;
const concurrency = 16;

/** How fast the warm webhook acknowledges: one event at a time as on Lambda, and several at a time. */
export const webhook: Benchmark = {
  name: "webhook",
  async run(packageOnce, closers) {
    const packaged = await packageOnce();
    const stand = await startStand(closers);
    const container = startContainer(
      {
        bundle: await packaged.bundle("webhook"),
        env: { ...packaged.environment("webhook"), ...stand.env },
        timeoutMs: 10_000,
      },
      closers,
    );
    const run = async (count: number, concurrency: number) => {
      const payloads = interleaved(lives(Math.ceil(count / 5))).slice(0, count);
      return await container.run({ events: payloads.map(delivery), concurrency });
    };
    await run(warmUps, 1);
    const alone = await run(events, 1);
    const together = await run(events, concurrency);
    const lost = [...alone.answers, ...together.answers].filter((answer) => !isQueued(answer)).length;
    return [
      { name: "p99Ms", what: "handler, p99", value: quantile(alone.latenciesMs, 0.99), unit: "ms" },
      { name: "medianMs", what: "handler, median", value: median(alone.latenciesMs), unit: "ms" },
      {
        name: "perSecond",
        what: "acknowledged, one at a time",
        value: events / alone.seconds,
        unit: "/s",
      },
      {
        name: "perSecondTogether",
        what: `acknowledged, ${concurrency} at a time`,
        value: events / together.seconds,
        unit: "/s",
      },
      {
        name: "notQueued",
        what: `of ${2 * events} events, not queued`,
        value: lost,
        unit: "",
        target: { atMost: 0 },
      },
    ];
  },
};

export function isQueued(answer: unknown): boolean {
  return (answer as { statusCode?: unknown } | undefined)?.statusCode === 202;
}
