/** What OpenSSL says of a certificate whose signer is not among the ones that Node.js knows. */
const unknownSigner = [
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
];

/** The code of a connection that was given up because of the other side's certificate. */
export function isCertificateFault(code: string): boolean {
  return hasUnknownSigner(code) || isOtherName(code) || code.startsWith("CERT_");
}

/** Nobody whom Node.js trusts has signed it: a private CA, mostly. */
export function hasUnknownSigner(code: string): boolean {
  return unknownSigner.includes(code);
}

/** It is somebody else's. */
export function isOtherName(code: string): boolean {
  return code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH";
}

/** What answers does not speak TLS at all. */
export function isNotTls(code: string): boolean {
  return ["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"].includes(code);
}
