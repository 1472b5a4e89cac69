import { X509Certificate } from "node:crypto";

/** What is wrong with a file that is to hold the certificates of a private CA; undefined = nothing. */
export function certificatesFault(pem: string): string | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    return "holds a private key, which must not be packaged";
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return "holds no certificate in PEM form";
  return blocks.every(isCertificate) ? undefined : "holds a certificate that cannot be read";
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== undefined;
  } catch {
    return false;
  }
}
