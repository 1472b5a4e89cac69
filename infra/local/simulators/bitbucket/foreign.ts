import type { Answer } from "../http.ts";

/** Answers that are not Bitbucket's word on an object, though they look it: for an intercept to give. */
export const foreign = {
  /** A proxy's page for what it does not know. */
  html: {
    status: 404,
    body: "<html><head><title>404 Not Found</title></head><body>nginx</body></html>",
    headers: { "Content-Type": "text/html" },
    bare: true,
  },
  /** The REST framework's, for a path that it has no handler for (a plugin that is starting, say). */
  framework: { status: 404, body: { message: "null for uri", "status-code": 404 } },
  /** In Bitbucket's shape, but not naming what it is that does not exist. */
  unnamed: {
    status: 404,
    body: { errors: [{ context: null, message: "Not found", exceptionName: null }] },
  },
  /** Single sign-on that wants somebody to log in. */
  login: { status: 302, body: "", headers: { Location: "/login?next=/" }, bare: true },
} as const satisfies Readonly<Record<string, Answer>>;
