import type { Address } from "../bitbucket/address.ts";
import { createBitbucketClient } from "../bitbucket/client.ts";
import type { Environment } from "../config/config.ts";
import { parseBitbucketConfig } from "../config/parse.ts";
import { explain } from "../diagnosis/explain.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { enrichmentFor, readEnrichment } from "../sync/enrich.ts";
import { type Input, observed } from "./map-input.ts";

/** Reads an object from Bitbucket, with all that the mapping uses of it. @throws Error that says what is wrong, ConfigError */
export async function readFrom(address: Address, env: Environment, mapper: Mapper): Promise<Input> {
  const bitbucket = createBitbucketClient(parseBitbucketConfig(env), { maxWaitMs: 5_000, retries: 2 });
  const answer = await bitbucket.find(address);
  if (answer.is === "unknown") throw new Error(explain(answer.error, { bitbucket }));
  if (answer.is === "gone") return { fault: `Bitbucket has no such ${answer.what}` };
  if (answer.is === "elsewhere") return { fault: "it has another address by now" };
  const { object } = answer;
  if (address.kind !== "repository") return observed(address.kind, object);
  const { fields, failed } = await readEnrichment(address, enrichmentFor(mapper), bitbucket);
  const [first] = failed;
  if (first !== undefined) throw new Error(explain(first.error, { bitbucket }));
  return observed(address.kind, { ...object, ...fields });
}
