import type { Call, Delay, Inject, Intercept } from "../http.ts";
import type { Blueprint, Entity, EntityInput, Write } from "./types.ts";

export type RateLimit = {
  readonly requests: number;
  readonly windowSeconds: number;
  /** What `x-ratelimit-reset` says: seconds to go, or the epoch second at which the window ends. */
  readonly resetAs: "seconds" | "epoch";
  /** Whether a 429 carries `Retry-After` (seconds), or the text that it carries in place of the truth. */
  readonly retryAfter?: boolean | string;
};

export type PortSimulatorOptions = {
  /** The TCP port; 0 takes a free one. */
  readonly port?: number;
  readonly delayMs?: Delay;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** How long a token lives, in seconds. */
  readonly tokenSeconds?: number;
  /** After so many calls a token is good for no more of them. */
  readonly tokenCalls?: number | undefined;
  readonly rateLimit?: RateLimit | undefined;
  readonly blueprints?: readonly Blueprint[];
  readonly intercept?: Intercept | undefined;
  /** Whether an entity that its blueprint does not allow fails alone (207) or brings down its whole call (422). */
  readonly schemaErrors?: "per-entity" | "whole-call";
  /** Whether `create_missing_related_entities` refuses to make a bare entity whose blueprint requires something. */
  readonly bareNeedsRequired?: boolean;
  /** Whether properties and relations without a value are left out of answers or shown as null and []. */
  readonly unset?: "absent" | "explicit";
  /** Whether PATCH of a blueprint replaces the top-level keys it is sent, or merges them all the way down. */
  readonly blueprintPatch?: "shallow" | "deep";
  /** How far `relatedTo` follows relations. Unless given, over any number of hops. */
  readonly relatedTo?: "one-hop" | "all-hops";
  /** Whether a search's `next` leads on, or to the page that it came with, for ever. */
  readonly next?: "leads-on" | "repeats";
  /** What a deletion of something that others relate to gets: a refusal, or what it asks for, and their relation ends. */
  readonly dependents?: 422 | 409 | "let-go";
  /** Keeps every change of an entity in `writes`. */
  readonly logWrites?: boolean;
  /** Told of every change of an entity, before its call is answered. */
  readonly onWrite?: ((write: Write) => void) | undefined;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
};

export type PortSimulator = {
  /** The API's base, ending in `/v1`. */
  readonly url: string;
  readonly calls: Call[];
  /** With `logWrites`: every change of an entity, in order. */
  readonly writes: readonly Write[];
  readonly entities: (blueprint: string) => Entity[];
  readonly entity: (blueprint: string, identifier: string) => Entity | undefined;
  /** Stores an entity as it is, in place of what was there, without any check. */
  readonly put: (blueprint: string, entity: EntityInput) => Entity;
  readonly remove: (blueprint: string, identifier: string) => boolean;
  readonly blueprints: () => Blueprint[];
  readonly setBlueprint: (blueprint: Blueprint) => void;
  readonly setIntercept: (intercept: Intercept | undefined) => void;
  /** Forgets entities and calls and goes back to the blueprints of the start. */
  readonly reset: () => void;
  /** Makes every token handed out so far stale. */
  readonly expireTokens: () => void;
  readonly inject: Inject;
  readonly close: () => Promise<void>;
};

/** The settings with every default filled in. */
export type Settings = Pick<PortSimulatorOptions, "tokenCalls"> &
  Required<Pick<PortSimulatorOptions, "clientId" | "clientSecret" | "tokenSeconds">> &
  Required<
    Pick<
      PortSimulatorOptions,
      | "schemaErrors"
      | "bareNeedsRequired"
      | "unset"
      | "blueprintPatch"
      | "relatedTo"
      | "next"
      | "dependents"
      | "now"
    >
  >;
