import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { otherCa } from "./unusable-certificates.ts";

/** Lets this process trust the CA of the unusable certificates, until what it gives is called. */
export function trustOtherCa(): () => void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, otherCa]);
  return () => setDefaultCACertificates(before);
}
