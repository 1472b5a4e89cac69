import { hasUnknownSigner, isCertificateFault, isNotTls, isOtherName } from "../http/tls-faults.ts";
import { isPlainHttp, type Target } from "./target.ts";

const unresolved = ["ENOTFOUND", "EAI_AGAIN", "EAI_NONAME", "EAI_NODATA"];
/** A server that waits for TLS cuts what is sent to it without, or answers with bytes that are no HTTP. */
const cut = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_\w+)$/;
const noConnection = ["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"];

/** Says why no answer came. @param code e.g. `ECONNREFUSED` */
export function explainNetwork(code: string, target: Target): string {
  const { name, setting } = target;
  if (unresolved.includes(code)) {
    return `the name in ${setting} cannot be resolved (${code}): is it spelt right, and does the DNS here know it (VPN, VPC)?`;
  }
  if (isCertificateFault(code)) return explainCertificate(code, target);
  if (isNotTls(code)) {
    return `no TLS connection to ${name} comes about (${code}): does ${setting} say https where it is http?`;
  }
  if (code.startsWith("ERR_SSL")) {
    return `${name} refuses the TLS connection (${code}): does it want another TLS version, or a client's certificate?`;
  }
  const cannot = `${name} cannot be reached at ${setting}`;
  if (cut.test(code)) {
    return isPlainHttp(target)
      ? `${cannot}: the connection is cut (${code}); does it say http where it is https?`
      : `${cannot}: the connection is cut, no answer comes (${code}); does a firewall or proxy on the way do that?`;
  }
  if (code === "bad_port") return `${cannot}: HTTP clients do not connect to that port; is it right?`;
  if (code === "TimeoutError") {
    return `${cannot}: no answer comes in time (${code}); are host and port right, is it well, or does a firewall or proxy swallow what is sent to it?`;
  }
  const what = code === "ECONNREFUSED" ? "nothing listens there" : "no connection comes about";
  const drops = noConnection.includes(code) ? "does a firewall drop it" : "may this machine connect to it";
  return `${cannot}: ${what} (${code}); are host and port right, and ${drops} (firewall, VPN, VPC)?`;
}

function explainCertificate(code: string, { name, setting, parameter }: Target): string {
  if (hasUnknownSigner(code)) {
    return (
      `${name}'s TLS certificate is signed by a CA that Node.js does not know (${code}): save that CA's certificate as ` +
      "a PEM file and name it in the environment before the start, NODE_EXTRA_CA_CERTS=/path/to/ca.pem (from .env it " +
      `comes too late)${parameter === undefined ? "" : "; on AWS put it into this folder and deploy with --param caFile=ca.pem"}`
    );
  }
  if (isOtherName(code)) {
    return (
      `${name}'s TLS certificate is not valid for the address in ${setting} (${code}): take a name that the ` +
      "certificate has, or have the certificate mended there"
    );
  }
  return code === "CERT_HAS_EXPIRED"
    ? `${name}'s TLS certificate is not valid any more (${code}): it has to be renewed there`
    : `${name}'s TLS certificate is not valid (${code}): it has to be mended there, unless the clock here is wrong`;
}
