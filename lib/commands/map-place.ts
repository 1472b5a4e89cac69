import type { Address } from "../bitbucket/address.ts";
import { UsageError } from "./run.ts";

/** The address that `KEY`, `KEY/slug` or `KEY/slug/ID` stands for. @throws UsageError */
export function parseFrom(from: string): Address {
  const [key = "", slug, id, ...more] = from.split("/");
  const isWhole =
    key !== "" && slug !== "" && more.length === 0 && (id === undefined || /^\d{1,15}$/.test(id));
  if (!isWhole) throw new UsageError("--from is none of KEY, KEY/slug and KEY/slug/ID");
  if (slug === undefined) return { kind: "project", key };
  return id === undefined
    ? { kind: "repository", key, slug }
    : { kind: "pull-request", key, slug, id: Number(id) };
}
