import {
  type BitbucketSimulator,
  type BitbucketSimulatorOptions,
  bitbucketDemoPassword,
  bitbucketDemoToken,
  bitbucketDemoUsername,
  startBitbucketSimulator,
} from "../../../../infra/local/simulators/bitbucket/server.ts";

// biome-ignore lint/suspicious/noExplicitAny: the tests look at parsed JSON of many shapes
export type Body = any;
export type Reply = { readonly status: number; readonly body: Body; readonly headers: Headers };
export type Client = (method: string, path: string, body?: unknown, authorization?: string) => Promise<Reply>;

export const bearer = `Bearer ${bitbucketDemoToken}`;
export const basic = `Basic ${btoa(`${bitbucketDemoUsername}:${bitbucketDemoPassword}`)}`;

export async function started(
  options: BitbucketSimulatorOptions = {},
): Promise<{ bitbucket: BitbucketSimulator; call: Client }> {
  const bitbucket = await startBitbucketSimulator(options);
  async function call(method: string, path: string, body?: unknown, authorization = bearer): Promise<Reply> {
    const response = await fetch(
      `${bitbucket.url}/rest/${path.startsWith("webhooks") ? "" : "api/1.0/"}${path}`,
      {
        method,
        headers: {
          ...(authorization && { authorization }),
          ...(body ? { "content-type": "application/json" } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      },
    );
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }
  return { bitbucket, call };
}

/** Follows nextPageStart to the end. */
export async function allPages(call: Client, path: string, limit: number): Promise<Body[]> {
  const values: Body[] = [];
  for (let start: number | undefined = 0; start !== undefined; ) {
    const { body } = await call(
      "GET",
      `${path}${path.includes("?") ? "&" : "?"}start=${start}&limit=${limit}`,
    );
    values.push(...body.values);
    start = body.isLastPage ? undefined : body.nextPageStart;
  }
  return values;
}
