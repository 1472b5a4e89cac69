import type { BitbucketConfig } from "../config/config.ts";
import { RequestError } from "../errors.ts";
import { errorCode } from "../http/answer.ts";
import { type CallCounts, eitherOf } from "../http/client.ts";
import type { HttpAnswer, HttpRequest, Hurry } from "../http/request.ts";
import { type ClientOptions, createServiceHttp } from "../http/service-client.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { failure, isBitbucketError, unexpected } from "./answers.ts";
import { loginWatch } from "./login-watches.ts";
import { hasTextDates, withEpochDates } from "./objects.ts";
import { explainRefusal } from "./refused-login.ts";
import { createSignInWatch } from "./sign-in.ts";
import { names, saysMoved, tellsWhereabouts, type Whereabouts } from "./whereabouts.ts";
import { whoami } from "./whoami.ts";

export interface BitbucketRequest
  extends Pick<
    HttpRequest,
    "method" | "operation" | "accept" | "isAnswer" | "plain" | "maxBytes" | keyof Hurry
  > {
  /** Beneath `rest/api/1.0/`, with its query. */
  readonly path: string;
  readonly body?: JsonObject;
}

/** A request whose address is said beside it. */
type Call = Omit<BitbucketRequest, "path" | "body">;

/** Calls to Bitbucket's REST API with the configured login. */
export interface Rest extends CallCounts {
  /** @throws RequestError */
  send(request: BitbucketRequest): Promise<HttpAnswer>;
  /** A JSON object, dates in epoch ms. @throws RequestError */
  getObject(path: string, operation: string, hurry?: Hurry): Promise<JsonObject>;
  /** Asks for an object. What keeps an answer from coming is an answer, too. */
  ask(
    path: string,
    operation: string,
    read: (answer: HttpAnswer, url: string, otherwise: () => RequestError) => Whereabouts,
  ): Promise<Whereabouts>;
  confirmSignIn(): Promise<void>;
}

/** The one address that answers everybody alike. */
const forEverybody = "application-properties";

export function createRest(config: BitbucketConfig, options: ClientOptions): Rest {
  const { authorization, host } = config;
  const http = createServiceHttp("bitbucket", {
    concurrency: config.concurrency,
    ...options,
    around: loginWatch(config),
  });
  const settings = authorization.startsWith("Bearer ")
    ? "BITBUCKET_TOKEN"
    : "BITBUCKET_USERNAME and BITBUCKET_PASSWORD";
  const signIn = createSignInWatch(settings, () => whoami(host, sendTo));
  const urlOf = (path: string) => `${host}/rest/api/1.0/${path}`;

  async function send({ path, body, ...request }: BitbucketRequest): Promise<HttpAnswer> {
    signIn.check();
    const isAnswer = (it: HttpAnswer) => request.isAnswer?.(it) ?? false;
    // Trying again would change nothing.
    const call = { ...request, isAnswer: (it: HttpAnswer) => saysMoved(it) || isDenial(it) || isAnswer(it) };
    const answer = await sendTo(urlOf(path), call, body);
    const error = () => {
      const { operation } = request;
      const { status, text } = answer;
      return new RequestError({ service: "bitbucket", operation, status, code: errorCode(text) });
    };
    if (saysMoved(answer) && !isAnswer(answer)) throw error();
    if (path !== forEverybody) await signIn.seen(answer, isDenial(answer));
    if (!isDenial(answer)) return answer;
    throw explainRefusal(error(), authorization);
  }

  async function sendTo(url: string, request: Call, body?: JsonObject): Promise<HttpAnswer> {
    return http.send({
      ...request,
      url,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: eitherOf(request.signal, options.signal?.()),
    });
  }

  return {
    send,

    async getObject(path, operation, hurry = {}) {
      const answer = await send({ ...hurry, method: "GET", path, operation, accept: [404] });
      const { status, text } = answer;
      if (status === 404 && isBitbucketError(answer.json)) {
        await signIn.confirm();
        const code = errorCode(text) ?? "gone";
        throw new RequestError({ service: "bitbucket", operation, status, code });
      }
      if (status === 404 || !isJsonObject(answer.json)) throw unexpected(operation);
      return hasTextDates(answer.text) ? withEpochDates(answer.json) : answer.json;
    },

    async ask(path, operation, read) {
      try {
        const answer = await send({ method: "GET", path, operation, isAnswer: tellsWhereabouts });
        const { status } = answer;
        const otherwise = () =>
          status < 300 ? unexpected(operation) : failure(answer, operation, "it does not say what is there");
        if (!signIn.isForUs(answer)) return { is: "unknown", error: otherwise() };
        const found = read(answer, urlOf(path), otherwise);
        // To nobody what he may not see does not exist.
        if (found.is === "gone") await signIn.confirm();
        return found;
      } catch (error) {
        if (error instanceof RequestError) return { is: "unknown", error };
        throw error;
      }
    },

    confirmSignIn: signIn.confirm,
    calls: http.calls,
    throttled: http.throttled,
  };
}

/** Bitbucket knows who asks, or that it is nobody, and does not let him. */
function isDenial(answer: HttpAnswer): boolean {
  return [401, 403].includes(answer.status) && names(answer, /(^|\.)Authori[sz]ationException$/);
}
