import type { Call, Delay, Intercept } from "../http.ts";
import type { BitbucketData } from "./model.ts";
import type { Mutators } from "./mutators.ts";

/** A body as a webhook sends it. */
export type WebhookPayload = { readonly eventKey: string } & Readonly<Record<string, unknown>>;

/** What came of one delivery; `status` is undefined when nobody answered. */
export type Delivery = {
  readonly webhookId: number;
  readonly url: string;
  readonly requestId: string;
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
};

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
  /** Which credentials are good; only those that are named. Unless given, the demo ones, either way. */
  readonly auth?: { readonly token?: string; readonly username?: string; readonly password?: string };
  /** Basic logins need a CAPTCHA (403): always, or after so many failed ones in a row. */
  readonly captcha?: boolean | number;
  /** Whether Basic logins may list `admin/users`; tokens never may. */
  readonly adminUsers?: boolean;
  readonly rateLimit?: { readonly tokens: number; readonly perSecond: number } | undefined;
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
  /** Sends the unsigned test that Bitbucket's "Test connection" sends. */
  readonly ping: (url: string) => Promise<Delivery>;
  readonly setIntercept: (intercept: Intercept | undefined) => void;
  readonly close: () => Promise<void>;
};
