import { setTimeout as delay } from "node:timers/promises";
import type { Closers } from "../../infra/local/closers.ts";
import { post } from "../../infra/local/demo/sample.ts";
import { demoData } from "../../infra/local/simulators/bitbucket/server.ts";
import { type Stack, startStack } from "../../infra/local/stack.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import { median } from "./statistics.ts";

const pushes = 20;
const patienceMs = 30_000;
const pollEveryMs = 5;

/** How long a pushed `port.yml` takes to become an entity, through the whole pipeline of `npm start`. */
export const definitions: Benchmark = {
  name: "definitions",
  async run(_, closers): Promise<readonly Figure[]> {
    const stack = await start(closers);
    const seconds: number[] = [];
    for (let index = 0; index <= pushes; index++) seconds.push(await pushOne(stack, index));
    // The first push pays for the function's start.
    const [first = 0, ...rest] = seconds;
    return [
      { name: "firstPush", what: "push of a port.yml to its entity, the first", value: first, unit: "s" },
      {
        name: "push",
        what: `the same, median of ${pushes}`,
        value: median(rest),
        unit: "s",
        target: { atMost: 2 },
      },
    ];
  },
};

async function start(closers: Closers): Promise<Stack> {
  const data = demoData({ projects: 1, repositoriesPerProject: 1, pullRequestsPerRepository: 1 });
  const stack = await startStack({ env: { GITOPS_FILES: "**/port.yml" }, bitbucketOptions: { data } });
  closers.add(() => stack.stop());
  return stack;
}

/** @returns seconds until the entity is in Port */
async function pushOne(stack: Stack, index: number): Promise<number> {
  const { bitbucket, port } = stack;
  if (bitbucket === undefined || port === undefined) throw new Error("a side is not simulated");
  const [slug = ""] = bitbucket.data.projects.get("MOPP")?.repositories.keys() ?? [];
  const files = { "port.yml": `identifier: shop-${index}\nblueprint: service\n` };
  const event = bitbucket.commit("MOPP", slug, files);
  const begun = performance.now();
  await post(Buffer.from(JSON.stringify(event)), stack);
  for (const end = begun + patienceMs; performance.now() < end; await delay(pollEveryMs)) {
    if (port.entity("service", `shop-${index}`) !== undefined) return (performance.now() - begun) / 1000;
  }
  throw new Error(`push ${index} became no entity`);
}
