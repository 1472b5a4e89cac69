import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** An HTTP proxy on 127.0.0.1 as companies have one: it knows names that nobody else does. */
export interface ConnectProxy {
  /** Without a user. */
  readonly url: string;
  /** The hosts and ports that it was asked for, in turn, those that it refused included. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Where each host really is: an address such as `http://127.0.0.1:7990`. Another host is answered with 502. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Hosts that are answered with 403. */
  readonly forbidden?: readonly string[];
  /** `user:password`, without which everything is answered with 407. */
  readonly login?: string;
}

const answers: Readonly<Record<number, string>> = {
  403: "403 Forbidden",
  407: '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"',
  502: "502 Bad Gateway",
};

/** Starts one that makes tunnels (CONNECT), which is all that Node.js asks for by `fetch` and for `https:`. */
export async function startProxy({ hosts, forbidden = [], login }: ProxyOptions): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((_, response) => void response.writeHead(405).end());

  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    sockets.add(client);
    client.on("error", () => client.destroy());
    const authority = request.url ?? "";
    asked.push(authority);
    const host = authority.replace(/:\d+$/, "");
    const refuse = (status: number) =>
      void client.end(`HTTP/1.1 ${answers[status]}\r\nContent-Length: 0\r\n\r\n`);
    if (login !== undefined && request.headers["proxy-authorization"] !== basic(login)) return refuse(407);
    if (forbidden.includes(host)) return refuse(403);
    const at = hosts[host];
    if (at === undefined) return refuse(502);
    const upstream = connect(Number(new URL(at).port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString("base64")}`;
}
