import { readFileSync, statSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { ConfigError } from "../../lib/errors.ts";
import { loadMapper } from "../../lib/mapping/load.ts";
import { certificatesFault } from "./certificates.ts";
import type { ParameterValues } from "./resolver.ts";

/**
 * What is wrong with the files that parameters name.
 * @param packaged only files below this folder can be packaged, under the path that they have there
 */
export async function fileFaults(
  { caFile, mapping }: ParameterValues,
  packaged: boolean,
): Promise<readonly string[]> {
  return [
    ...(packaged ? outsideFaults({ caFile, mapping }) : []),
    ...(caFile === undefined ? [] : certificateFaults(caFile)),
    ...(mapping === undefined ? [] : await mappingFaults(mapping)),
  ];
}

function outsideFaults(paths: ParameterValues): string[] {
  return Object.entries(paths).flatMap(([name, path]) =>
    path === undefined || isInside(path)
      ? []
      : [`${name} is not a path inside of this folder, e.g. infra/port/…`],
  );
}

function isInside(path: string): boolean {
  return !isAbsolute(path) && !relative(".", path).startsWith("..");
}

function certificateFaults(path: string): string[] {
  if (!isFile(path)) return ["caFile names no file"];
  const fault = certificatesFault(readFileSync(path, "utf8"));
  return fault === undefined ? [] : [`caFile ${fault}`];
}

/** Compiles the mapping, so that a faulty one is not found out by the first event. */
async function mappingFaults(name: string): Promise<string[]> {
  try {
    await loadMapper(name);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((fault) => `mapping: ${fault}`);
  }
}

/** Whether a path leads to a file, seen from this folder. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
