import type { PortConfig } from "../config/config.ts";
import { RequestError } from "../errors.ts";
import type { CallCounts } from "../http/client.ts";
import type { HttpAnswer, HttpRequest, Hurry } from "../http/request.ts";
import { type ClientOptions, createServiceHttp } from "../http/service-client.ts";
import { createToken } from "./token.ts";

export interface PortRequest extends Pick<HttpRequest, "method" | "operation" | "accept"> {
  /** Beneath `/v1`, with its query. */
  readonly path: string;
  readonly body?: object;
}

/** Makes authorized calls to Port. */
export interface PortCaller extends CallCounts {
  /** Without a slash behind. */
  readonly baseUrl: string;
  /** Makes sure of a token, which the next calls use. @throws RequestError */
  signIn(hurry: Hurry): Promise<void>;
  /** @throws RequestError */
  call(request: PortRequest): Promise<HttpAnswer>;
}

/**
 * Fetches a token when one is needed, and a new one when it is refused: one for however many calls it was refused to, and
 * all of them try again. A call fails when it is the first to use the new one, and is refused.
 */
export function createPortCaller(config: PortConfig, options: ClientOptions): PortCaller {
  const http = createServiceHttp("port", options);
  const token = createToken(http, config);

  return {
    baseUrl: config.apiUrl,
    async signIn(hurry) {
      await token.get(options.signal?.(), hurry);
    },
    async call({ path, body, ...rest }) {
      const signal = options.signal?.();
      const attempt = async (authorization: string): Promise<HttpAnswer> =>
        http.send({
          ...rest,
          url: `${config.apiUrl}${path}`,
          headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal,
        });
      let authorization = await token.get(signal);
      for (;;) {
        try {
          return await attempt(authorization);
        } catch (error) {
          if (!(error instanceof RequestError) || error.failure.status !== 401) throw error;
        }
        const renewed = await token.renew(authorization, signal);
        authorization = renewed.value;
        if (!renewed.isFirst) continue;
        try {
          return await attempt(authorization);
        } finally {
          renewed.done();
        }
      }
    },
    calls: http.calls,
    throttled: http.throttled,
  };
}
