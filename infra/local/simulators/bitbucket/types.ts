import type { Call, Delay, Inject, Intercept } from "../http.ts";

import type { WebhookPayload } from "./json.ts";
import type { BitbucketData } from "./model.ts";
import type { Mutators } from "./mutators.ts";
import type { Broken } from "./trouble.ts";

/** What came of one delivery; `status` is undefined when nobody answered. */
export type Delivery = {
  readonly webhookId: number;
  readonly url: string;
  readonly requestId: string;
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
};

/** A bucket of tokens per user. `retryAfter` is what a 429 says in place of the truth; false: nothing. */
export type RateLimit = {
  readonly tokens: number;
  readonly perSecond: number;
  readonly retryAfter?: string | false;
};

/** How the old address of something renamed or moved answers. */
export type Moved = "404" | "follow" | "302" | "302-web" | "500";

export type BitbucketSimulatorOptions = {
  /** The TCP port; 0 takes a free one. */
  readonly port?: number;
  /** A path that everything is below, such as `/bitbucket`. */
  readonly contextPath?: string;
  readonly version?: string;
  readonly delayMs?: Delay;
  /** The largest page that the server gives, whatever is asked for. */
  readonly pageCap?: number;
  /** Makes `nextPageStart` count invisible rows too, so that it is not `start + limit`. */
  readonly pageGaps?: boolean;
  /** The largest page of `files`: the server's `page.max.directory.recursive.children`. Unless given, 100,000. */
  readonly filesCap?: number;
  /** So many changes between two commits are told (`page.max.changes`), and no page leads past them. Unless given, 1,000. */
  readonly changesCap?: number;
  /**
   * What the page says on which changes are cut: that it is the last one (unless told otherwise), that another one
   * follows, which is empty then, or that one follows, but not where.
   */
  readonly changesCut?: "last-page" | "empty-page" | "no-next-page";
  /** Whether a file that was moved or copied is told as that. Unless given, it is. */
  readonly detectMoves?: boolean;
  /** Whether paths in listings are told as text (`toString`), too, beside their components. Unless given, they are. */
  readonly pathText?: boolean;
  /** Which credentials are good; only those that are named. Unless given, the demo ones, either way. */
  readonly auth?: { readonly token?: string; readonly username?: string; readonly password?: string };
  /** Basic logins need a CAPTCHA (403): always, or after so many failed ones in a row. */
  readonly captcha?: boolean | number;
  /** Whether Basic logins may list `admin/users`; tokens never may. */
  readonly adminUsers?: boolean;
  readonly rateLimit?: RateLimit | undefined;
  readonly intercept?: Intercept | undefined;
  readonly data?: BitbucketData;
  /** How dates within objects look: milliseconds since the epoch, or ISO strings. */
  readonly dates?: "epoch" | "iso";
  /** Whether answers hide the secrets of webhooks. */
  readonly maskSecrets?: boolean;
  /** What links start with, when that is not the simulator's own address (a proxy's, say). */
  readonly linkBase?: string;
  /** Whether objects in webhook payloads carry `links`. */
  readonly payloadLinks?: boolean;
  /**
   * The old address of a repository or project that was renamed or moved, and all beneath it: as if nothing had been
   * there, with what it has become, with a redirect to the REST address or the web page of today, or 500 with
   * `RepositoryMovedException` or `ProjectMovedException`. Unless given, 404.
   */
  readonly moved?: Moved;
  /** Which answers to accepted credentials say whose they are (`X-AUSERNAME`). Unless given, all. */
  readonly usernameHeader?: "always" | "basic-only" | "never";
  /** Starts as after `expireLogin`. */
  readonly anonymous?: boolean;
  /**
   * Whether callers who are not logged in are let in, to see what is public. Unless given, they are; else 401, as for a
   * wrong password or, with `"denied"`, as for a permission that is missing.
   */
  readonly publicAccess?: boolean | "denied";
  /** What is said of that which only callers who are logged in may see. Unless given, 404: that it does not exist. */
  readonly hidden?: "404" | "401";
  /** What those who are not logged in hear when they ask for users: 401, or that there are none. */
  readonly anonymousUsers?: "401" | "empty";
  /** Whether reviews and comments are updates of their pull request (`updatedDate`), which in truth they are not. */
  readonly reviewsUpdate?: boolean;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
};

export type BitbucketSimulator = Mutators & {
  /** The host to configure: the origin and the context path, without a trailing slash. */
  readonly url: string;
  /** The live model: what is changed here is what the API answers. */
  readonly data: BitbucketData;
  readonly calls: Call[];
  /** Delivers to every active webhook that asked for the event, all at once. */
  readonly fire: (payload: WebhookPayload) => Promise<Delivery[]>;
  /** Request ids of the deliveries that it made. */
  readonly sent: ReadonlySet<string>;
  /** Sends the unsigned test that Bitbucket's "Test connection" sends. */
  readonly ping: (url: string) => Promise<Delivery>;
  readonly setIntercept: (intercept: Intercept | undefined) => void;
  /** From now on calls with credentials are answered as nobody's, and nothing says so. */
  readonly expireLogin: () => void;
  readonly restoreLogin: () => void;
  /** Breaks what is named of a repository, and mends the rest. */
  readonly break: (key: string, slug: string, how: Broken) => void;
  readonly setMoved: (moved: Moved) => void;
  readonly inject: Inject;
  readonly close: () => Promise<void>;
};
