import { AsyncLocalStorage } from "node:async_hooks";

/** Who does something just now, and on whose account: for the record of what was written. */
export interface Actor {
  /** Of the part of the pipeline, e.g. `consumer 2`. */
  readonly name: string;
  /** What it works on, e.g. the events of a batch. */
  readonly about: string;
  /** When its container dies, in the world's time; calls that are under way then never come back. */
  readonly diesAt?: number;
}

export const acting = new AsyncLocalStorage<Actor>();
