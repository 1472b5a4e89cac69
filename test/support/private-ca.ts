import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A CA that nobody knows, and a certificate for 127.0.0.1 that it signed. Good for nothing else, until 2120. */
export const caCertificate = `-----BEGIN CERTIFICATE-----
MIIBYjCCAQigAwIBAgICEAAwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUUHJpdmF0
ZSBDQSBmb3IgdGVzdHMwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
MB8xHTAbBgNVBAMMFFByaXZhdGUgQ0EgZm9yIHRlc3RzMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEV0NlRoqzuy6TZk/of4K72z2R9QOKKeK56DuvnDNr/aCcIBxI
hVBIMnU1MOjQyKbBi/71GP4Ynf59eZCkRkRqC6MyMDAwDwYDVR0TAQH/BAUwAwEB
/zAdBgNVHQ4EFgQUo4DzTFB8rsqjxOGVAaEwm/jpsN0wCgYIKoZIzj0EAwIDSAAw
RQIgUCto6oalocl3s+0JGkL/6sx6UCbQT1xN314PBEWp1/gCIQCNRBgK34t8Tgv0
JhI1KyYY1iM+5pSc83kHEAppUGmJ8A==
-----END CERTIFICATE-----
`;

const certificate = `-----BEGIN CERTIFICATE-----
MIIBgjCCASmgAwIBAgICEAEwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUUHJpdmF0
ZSBDQSBmb3IgdGVzdHMwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
MBQxEjAQBgNVBAMMCTEyNy4wLjAuMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BPzVQW8FiRTDKv6vtWb8oMFu7x134B9gGfQfAhuu0dL5uUCl9gMVh39WVS/p/0uQ
r9SFyRfB3hoZ0FGbHO3YVQqjXjBcMBoGA1UdEQQTMBGHBH8AAAGCCWxvY2FsaG9z
dDAdBgNVHQ4EFgQUifbfFDsPRHyGe10GJIIJ8c7iDNMwHwYDVR0jBBgwFoAUo4Dz
TFB8rsqjxOGVAaEwm/jpsN0wCgYIKoZIzj0EAwIDRwAwRAIgdldMbPT789xHdP78
RMMQQvsjA8QlvLKR4auOw40oIaUCIDYKSOqbgwjMSqpBsHoN4AyqFMZgc4gN5JO9
3nb1NBD2
-----END CERTIFICATE-----
`;

const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgapaqd00YI1bmbWal
/EKKf/zdvT6unVbvyKw1R6y4VDuhRANCAAT81UFvBYkUwyr+r7Vm/KDBbu8dd+Af
YBn0HwIbrtHS+blApfYDFYd/VlUv6f9LkK/UhckXwd4aGdBRmxzt2FUK
-----END PRIVATE KEY-----
`;

/** Serves over TLS what is served over HTTP at an address: `https://127.0.0.1:…`, its certificate from the private CA. */
export async function startTlsProxy(target: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer({ cert: certificate, key: privateKey }, (incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const passed = request(new URL(url ?? "", target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
