import {
  type Blueprint,
  type PortSimulator,
  type PortSimulatorOptions,
  portDemoClientId,
  portDemoClientSecret,
  startPortSimulator,
} from "../../../../infra/local/simulators/port/server.ts";

export const blueprints: readonly Blueprint[] = [
  {
    identifier: "project",
    title: "Project",
    schema: { properties: { public: { type: "boolean" }, link: { type: "string", format: "url" } } },
    relations: {},
  },
  {
    identifier: "user",
    title: "User",
    schema: { properties: { username: { type: "string" } }, required: ["username"] },
    relations: {},
  },
  {
    identifier: "repository",
    title: "Repository",
    schema: { properties: { stars: { type: "number" }, updated: { type: "string", format: "date-time" } } },
    relations: { project: { target: "project", required: false, many: false } },
  },
  {
    identifier: "pull",
    title: "Pull request",
    schema: {
      properties: {
        state: { type: "string", enum: ["OPEN", "MERGED"] },
        labels: { type: "array", items: { type: "string" } },
        extra: { type: "object" },
      },
    },
    relations: {
      repository: { target: "repository", required: false, many: false },
      participants: { target: "user", required: false, many: true },
    },
  },
];

export type Reply = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
};
export type Client = (method: string, path: string, body?: unknown) => Promise<Reply>;

export async function started(
  options: PortSimulatorOptions = {},
): Promise<{ port: PortSimulator; call: Client }> {
  const port = await startPortSimulator({ blueprints, ...options });
  const credentials = { clientId: portDemoClientId, clientSecret: portDemoClientSecret };
  let token: unknown;
  async function call(method: string, path: string, body?: unknown): Promise<Reply> {
    token ??= (await request(port.url, "POST", "/auth/access_token", credentials)).body["accessToken"];
    return request(port.url, method, path, body, { authorization: `Bearer ${token}` });
  }
  return { port, call };
}

export async function request(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}
