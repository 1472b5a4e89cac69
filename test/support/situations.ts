import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { freePort } from "../../infra/local/aws/server.ts";
import { createClosers } from "../../infra/local/closers.ts";
import {
  bitbucketDemoUsername,
  startBitbucketSimulator,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { startPortSimulator } from "../../infra/local/simulators/port/server.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import { makeFolder, settingsFor } from "./command.ts";
import { type Behaviour, startLoopback } from "./loopback.ts";
import { startTlsProxy } from "./private-ca.ts";
import { type Situation, situations } from "./situation-list.ts";
import { expiredCertificate, foreignCertificate, otherCa, unusableKey } from "./unusable-certificates.ts";

/** Both sides as they should be, and everything that an operator may find in their places. */
export interface Surroundings {
  /** Settings with which all is well. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings for a situation. */
  settingsIn(situation: Situation): Record<string, string>;
  /** How many calls came to the two sides as they should be. */
  calls(): { readonly bitbucket: number; readonly port: number };
  close(): Promise<void>;
}

const html = { headers: { "content-type": "text/html" }, body: "<html>Log in, ann@example.org</html>" };
const exception = (name: string) => ({
  errors: [{ context: null, message: "no", exceptionName: `com.atlassian.bitbucket.${name}` }],
});
const answers = {
  page: html,
  "page not found": { ...html, status: 404 },
  redirect: { status: 302, headers: { location: "https://login.example.org/sso?state=hush-hush" } },
  "wants TLS": { ...html, status: 400 },
  "proxy's refusal": { ...html, status: 403 },
  "no permission": { status: 401, body: exception("AuthorisationException") },
  "something else": { body: { ok: true } },
  silence: "silence",
} satisfies Record<string, Behaviour>;

export async function startSurroundings(): Promise<Surroundings> {
  const closers = createClosers();
  const [bitbucket, elsewhere, expired, wary, port] = await Promise.all([
    startBitbucketSimulator(),
    startBitbucketSimulator({ contextPath: "/bitbucket" }),
    startBitbucketSimulator({ anonymous: true }),
    startBitbucketSimulator({ captcha: true }),
    startPortSimulator({ blueprints: loadBlueprints("infra/port/blueprints", "default") as never }),
  ]);
  const servers = await Promise.all(
    Object.entries(answers).map(
      async ([name, behaviour]) => [name, await startLoopback(() => behaviour)] as const,
    ),
  );
  const proxies = await Promise.all([
    startTlsProxy(bitbucket.url),
    startTlsProxy(bitbucket.url, { cert: expiredCertificate, key: unusableKey }),
    startTlsProxy(bitbucket.url, { cert: foreignCertificate, key: unusableKey }),
  ]);
  const connections = new Set<Socket>();
  const mute = createServer((socket) => void connections.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  closers.add(() => {
    for (const connection of connections) connection.destroy();
    mute.close();
  });
  for (const it of [
    bitbucket,
    elsewhere,
    expired,
    wary,
    port,
    ...servers.map(([, server]) => server),
    ...proxies,
  ])
    closers.add(it.close);
  const folder = makeFolder();
  closers.add(() => rmSync(folder, { recursive: true }));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, otherCa);
  const { port: mutePort } = mute.address() as { port: number };
  const [privateCa, outdated, foreign] = proxies.map(({ url }) => url);
  const places: Record<string, string> = {
    ...Object.fromEntries(servers.map(([name, { url }]) => [name, url])),
    nobody: `http://127.0.0.1:${await freePort()}`,
    "no name": "https://nowhere.invalid",
    "private CA": privateCa ?? "",
    "expired certificate": outdated ?? "",
    "another's certificate": foreign ?? "",
    "TLS to a plain port": bitbucket.url.replace("http:", "https:"),
    "no TLS to a TLS port": (privateCa ?? "").replace("https:", "http:"),
    "no handshake": `https://127.0.0.1:${mutePort}`,
    "no context path": elsewhere.url.replace("/bitbucket", ""),
    "nobody signed in": expired.url,
    CAPTCHA: wary.url,
  };
  const settings = { ...settingsFor(bitbucket, port), NODE_EXTRA_CA_CERTS: caFile };
  return {
    settings,
    settingsIn: ({ bitbucket: host, port: api, env = {} }) => ({
      ...settings,
      ...(host === undefined ? {} : { BITBUCKET_HOST: places[host] ?? host }),
      ...(api === undefined ? {} : { PORT_API_URL: `${places[api] ?? api}/v1` }),
      ...env,
    }),
    calls: () => ({ bitbucket: bitbucket.calls.length, port: port.calls.length }),
    close: closers.close,
  };
}

export { type Situation, situations };
export const passwordOf = { BITBUCKET_TOKEN: "", BITBUCKET_USERNAME: bitbucketDemoUsername };
