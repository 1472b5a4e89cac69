import type { BitbucketSimulator } from "../../infra/local/simulators/bitbucket/server.ts";
import type { PortSimulator } from "../../infra/local/simulators/port/server.ts";
import type { Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { Kind } from "./life.ts";
import type { Machine } from "./machine.ts";
import type { PostOptions } from "./post.ts";
import type { Random } from "./random.ts";
import type { Witness } from "./witness.ts";

export interface Plot {
  readonly seed: number;
  /** How long things go on happening, in the world's seconds. */
  readonly seconds: number;
  /** Things that happen in a second. */
  readonly pace: number;
  readonly kind: Kind;
  readonly post: PostOptions;
  /** Whether backfills and resyncs run beside. */
  readonly backfills: boolean;
  /** Whatever still waits so long after the last thing happened is lost, in ms. */
  readonly patienceMs: number;
  /** Does something to the catalog, for the witness to find: when life is over, or after the last backfill. */
  readonly plant?: { readonly early?: Plant; readonly late?: Plant };
}

export type Plant = (port: PortSimulator, witness: Witness) => void;

export interface Cast {
  readonly plot: Plot;
  readonly random: Random;
  readonly clock: Clock;
  readonly machine: Machine;
  readonly bitbucket: BitbucketSimulator;
  readonly port: PortSimulator;
  readonly witness: Witness;
  readonly faults: Faults;
}
