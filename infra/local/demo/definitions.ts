import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "../stack.ts";
import { post } from "./sample.ts";

const patienceMs = 10_000;
/** What is taken out of a file goes after two minutes. */
const leavingMs = 4 * 60_000;
const pollEveryMs = 20;

const [key, slug] = ["MOPP", "data-analyses"];

const shop = `- identifier: shop
  blueprint: service
  title: Shop
  properties: { tier: gold, readme: "file://README.md" }
  relations: { repository: MOPP/data-analyses }
`;
const basket = `- identifier: basket
  blueprint: service
  title: Basket
  relations: { uses: [shop] }
`;

/** A push of a `port.yml` becomes entities, and an edit takes one of them out again. */
export async function showDefinitions(
  stack: Stack,
  bitbucket: NonNullable<Stack["bitbucket"]>,
  port: NonNullable<Stack["port"]>,
): Promise<void> {
  const push = async (text: string) => {
    const event = bitbucket.commit(key, slug, { "port.yml": text });
    await post(Buffer.from(JSON.stringify(event)), stack);
  };
  const started = performance.now();
  await push(shop + basket);
  const isThere = await until(() => port.entity("service", "basket")?.relations["uses"] !== undefined);
  if (!isThere) {
    console.error("The pushed port.yml became no entities");
    return;
  }
  const ms = Math.round(performance.now() - started);
  console.log(`push of a port.yml with the services shop and basket: in the catalog after ${ms} ms`);
  await push(shop);
  console.log("basket taken out of it: gone in two minutes, unless another file defines it by then");
}

/** Waits until what was taken out is gone, and says so. */
export async function showLeaving(port: NonNullable<Stack["port"]>): Promise<void> {
  const isGone = await until(() => port.entity("service", "basket") === undefined, leavingMs);
  if (isGone) console.log("the service basket is gone from the catalog");
}

async function until(condition: () => boolean, ms = patienceMs): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    if (condition()) return true;
    await delay(pollEveryMs);
  }
  return condition();
}
