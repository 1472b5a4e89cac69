const unresolved = ["ENOTFOUND", "EAI_AGAIN", "EAI_NONAME", "EAI_NODATA"];
const refused = ["ECONNREFUSED"];
/** What OpenSSL says of a certificate whose signer is not among the ones that Node.js knows. */
const privateCa = [
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
];

/** Says why no connection comes about. @param host the setting that leads to the service */
export function explainNetwork(code: string, name: string, host: string): string {
  if (unresolved.includes(code)) {
    return `the name in ${host} cannot be resolved: is it spelt right, and does the DNS here know it (VPN, VPC)?`;
  }
  if (privateCa.includes(code)) {
    return (
      `${name}'s TLS certificate is signed by a CA that Node.js does not know (${code}): save that CA's certificate as ` +
      "a PEM file and name it in the environment before the start, NODE_EXTRA_CA_CERTS=/path/to/ca.pem (from .env it " +
      "comes too late); on AWS put it into this folder and deploy with --param caFile=ca.pem"
    );
  }
  if (code.startsWith("CERT_") || code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `${name}'s TLS certificate is not valid for the address in ${host} (${code}): it has to be mended there`;
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) {
    return `no TLS connection to ${name} comes about (${code}): does ${host} say https where it is http?`;
  }
  const what = refused.includes(code) ? "nothing listens there" : "no answer comes";
  return (
    `${name} cannot be reached at ${host}: ${what} (${code}); are host and port right, and may this machine ` +
    "connect to it (firewall, VPN, VPC)?"
  );
}
