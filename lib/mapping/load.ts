import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { createMapper, type Mapper } from "./mapper.ts";
import { parseMappingFile } from "./schema.ts";

const builtIn = ["default", "port-docs"];

/**
 * The mapper for a mapping: `default`, `port-docs`, or the path of a file (relative to the current folder, or to the
 * package's own on AWS).
 * @param spares how many jqs stand by in case of a crash
 * @throws ConfigError when there is no such file, or naming every fault in it
 */
export async function loadMapper(name: string, spares?: number): Promise<Mapper> {
  const path = mappingPath(name);
  if (path === undefined)
    throw new ConfigError("The mapping cannot be read", [`MAPPING ${name} names no file`]);
  const { resources, notes } = parseMappingFile(readFileSync(path, "utf8"), name);
  return createMapper(resources, name, { notes, ...(spares !== undefined && { spares }) });
}

/** Where a mapping's file is; undefined when there is none. */
export function mappingPath(name: string): string | undefined {
  return builtIn.includes(name) ? portPath(`mappings/${name}.yml`) : userPath(name);
}

/** The path of a file under `infra/port`, seen from the sources as well as from a function's bundle. */
export function portPath(file: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, "infra", "port", file);
    if (existsSync(path)) return path;
    if (folder === dirname(folder))
      throw new ConfigError("The package is not complete", [`infra/port/${file} is missing`]);
  }
}

function userPath(name: string): string | undefined {
  return [resolve(name), join(process.env["LAMBDA_TASK_ROOT"] ?? ".", name)].find((path) =>
    statSync(path, { throwIfNoEntry: false })?.isFile(),
  );
}
