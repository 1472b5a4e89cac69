import type { WebhookPayload } from "../../infra/local/simulators/bitbucket/json.ts";
import type { BitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import type { Catalog } from "./catalog.ts";
import { expectedCatalog } from "./expected.ts";
import { createHistory, type History } from "./history.ts";
import { createWatch, type Watch } from "./watch.ts";

/** Knows what was true at every moment, and sees every write. */
export interface Witness {
  readonly history: History;
  readonly watch: Watch;
  /** What happened, in order. */
  readonly diary: readonly string[];
  /** Takes down that something happened, and what is true since. */
  happened(what: string, payload?: WebhookPayload): void;
  expected(): Catalog;
  readonly start: number;
}

export function createWitness(options: {
  readonly bitbucket: Pick<BitbucketSimulator, "data" | "url">;
  readonly start: number;
  readonly now: () => number;
}): Witness {
  const { bitbucket, start, now } = options;
  const history = createHistory();
  const diary: string[] = [];
  const expected = () => expectedCatalog(bitbucket.data, bitbucket.url);
  history.record(start, expected());
  return {
    history,
    watch: createWatch(history, start),
    diary,
    start,
    expected,
    happened(what, payload) {
      const told = payload === undefined ? "" : ` (${payload.eventKey})`;
      diary.push(`${((now() - start) / 1000).toFixed(2)} s ${what}${told}`);
      history.record(now(), expected());
    },
  };
}
