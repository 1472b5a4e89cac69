import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A CA that nobody knows, and a certificate for 127.0.0.1 and *.example.org that it signed. Good for nothing else. */
export const caCertificate = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUFt/syao/3usIPXy1fFXDKvCPxJ8wCgYIKoZIzj0EAwIw
HzEdMBsGA1UEAwwUUHJpdmF0ZSBDQSBmb3IgdGVzdHMwIBcNMjYxMTMwMjMwNzI4
WhgPMjEyMDAxMDIyMzA3MjhaMB8xHTAbBgNVBAMMFFByaXZhdGUgQ0EgZm9yIHRl
c3RzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8UGPmkwQfbgAVQCbIlWVL+5S
DsGex73rnUBVHc6Re9hbhncpt+FDlkcNpeeLjfWaiaujh/wucx9IXgDf8B4bJqNT
MFEwHQYDVR0OBBYEFJyIxgzEGBc+kb5P8E7QpZdxzlCMMB8GA1UdIwQYMBaAFJyI
xgzEGBc+kb5P8E7QpZdxzlCMMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID
RwAwRAIgNapHIBsWJipM16J5aSbGTXR3/cQavm2E4UUfb2O5aScCIA5Su0tp0C67
W6Deaen7HtdiQx7uTpgTrFmytC8fML2w
-----END CERTIFICATE-----
`;

const certificate = `-----BEGIN CERTIFICATE-----
MIIBkjCCATigAwIBAgICEAEwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUUHJpdmF0
ZSBDQSBmb3IgdGVzdHMwIBcNMjYxMTMwMjMwNzI5WhgPMjEyMDAxMDIyMzA3Mjla
MBQxEjAQBgNVBAMMCTEyNy4wLjAuMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BDS+CxFaGSis6f+XRkICkAdneDy1pY8/A4coxoS55Ht3lY+irRkL5PGnqUCZt+XC
x5okFVgPGr/mDYtkaaNRHeujbTBrMCkGA1UdEQQiMCCHBH8AAAGCCWxvY2FsaG9z
dIINKi5leGFtcGxlLm9yZzAdBgNVHQ4EFgQUqxAZfMJvP/PpmRMX3fm9cQn9pzUw
HwYDVR0jBBgwFoAUnIjGDMQYFz6Rvk/wTtCll3HOUIwwCgYIKoZIzj0EAwIDSAAw
RQIgT9vHVVZaRHp/Kx3IBEfCZKc0wNSbM6KIb9Pzw0FQaIACIQDh/JRqJkVRHmx1
xMnS3T9HvBB5eK8uWpJM5vqUFrGhig==
-----END CERTIFICATE-----
`;

const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgacgMiEkxfRFFaoGX
vIdotLi/IV4EmmrkUYLfxZ9OnE2hRANCAAQ0vgsRWhkorOn/l0ZCApAHZ3g8taWP
PwOHKMaEueR7d5WPoq0ZC+Txp6lAmbflwseaJBVYDxq/5g2LZGmjUR3r
-----END PRIVATE KEY-----
`;

/**
 * Serves over TLS what is served over HTTP at an address: `https://127.0.0.1:…`, its certificate from the private CA
 * unless it is given another.
 */
export async function startTlsProxy(
  target: string,
  shown: { readonly cert: string; readonly key: string } = { cert: certificate, key: privateKey },
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(shown, (incoming, outgoing) => {
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
