import { type Jq, JqError } from "jq-wasm/inline";
import type { MappingFault } from "./input.ts";
import type { ResourceResults } from "./items.ts";
import type { JqPool } from "./jq-pool.ts";

const crash: MappingFault = { permanent: true, reason: "jq crashes while mapping it" };
const noResult: MappingFault = { permanent: true, reason: "jq gives no result for it" };
const noJq: MappingFault = { permanent: false, reason: "jq has crashed and is not back yet" };

/**
 * What a program gives for each object. An object that jq fails or crashes on does not cost its neighbours: they are
 * looked at apart from it.
 * @param texts the objects' JSON
 */
export function evaluate(
  pool: JqPool,
  texts: readonly string[],
  program: string,
): (readonly ResourceResults[] | MappingFault)[] {
  const jq = pool.current;
  if (jq === undefined) return texts.map(() => noJq);
  const results = attempt(jq, texts, program);
  if (Array.isArray(results)) return results;
  if (results === crash) pool.drop();
  if (texts.length === 1) return [results];
  return partsOf(texts, results).flatMap((part) => evaluate(pool, part, program));
}

function attempt(jq: Jq, texts: readonly string[], program: string): ResourceResults[][] | MappingFault {
  try {
    const results = jq.first<ResourceResults[][]>(`[${texts.join(",")}]`, program) ?? [];
    return results.length === texts.length ? results : noResult;
  } catch (error) {
    return error instanceof JqError ? noResult : crash;
  }
}

/** Halves; one by one after a crash, as each of those uses up a jq. */
function partsOf(texts: readonly string[], fault: MappingFault): (readonly string[])[] {
  if (fault === crash) return texts.map((text) => [text]);
  const middle = Math.ceil(texts.length / 2);
  return [texts.slice(0, middle), texts.slice(middle)];
}
