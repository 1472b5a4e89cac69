import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Environment } from "../config/config.ts";
import { ConfigError } from "../errors.ts";
import { loadMapper, mappingPath } from "../mapping/load.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { shippedBlueprints } from "./map-blueprints.ts";
import { type Input, inputsIn, readInput } from "./map-input.ts";
import { type Fault, type MappedObject, mapObjects } from "./map-objects.ts";
import { parseFrom } from "./map-place.ts";
import { mapText } from "./map-text.ts";
import { UsageError } from "./run.ts";

const sample = join("infra", "local", "sample-event.json");

/**
 * Runs the command.
 * @param env the settings
 * @param write takes what it says
 * @returns what the process ends with
 * @throws UsageError, ConfigError, Error that says what is wrong with a side
 */
export async function map(args: string[], env: Environment, write: (text: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      mapping: { type: "string" },
      from: { type: "string" },
      check: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { from, check, json } = values;
  const address = from === undefined ? undefined : parseFrom(from);
  const name = values.mapping ?? (env["MAPPING"] || "default");
  if (mappingPath(name) === undefined) throw new UsageError(`there is no mapping ${name}`);
  const isSample = positionals.length === 0 && address === undefined;
  const files = isSample ? [join(import.meta.dirname, "..", "..", sample)] : positionals;
  const given = files.map((file) => ({ file: isSample ? sample : file, value: readInput(file) }));

  const say = (objects: readonly MappedObject[], faults: readonly Fault[], notes: readonly string[] = []) => {
    write(mapText(name, objects, faults, notes));
    if (json) write(`${JSON.stringify({ mapping: name, objects, faults })}\n`);
    return faults.length === 0 && objects.every((object) => object.faults.length === 0) ? 0 : 1;
  };
  let mapper: Mapper;
  try {
    // Whoever waits for the answer would wait for spares, too.
    mapper = await loadMapper(name, 0);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return say([], error.faults.map(asFault));
  }
  // Nobody has to wait for what calls others where nobody is called.
  if (check || address !== undefined) (await import("../proxy.ts")).useProxy(env);
  const known = check
    ? await (await import("./map-check.ts")).blueprintsInPort(mapper, env)
    : shippedBlueprints(mapper);
  const read: { readonly file: string; readonly input: Input }[] = [];
  for (const { file, value } of given) for (const input of await inputsIn(value)) read.push({ file, input });
  if (address !== undefined) {
    const { readFrom } = await import("./map-from.ts");
    read.push({ file: `--from ${from}`, input: await readFrom(address, env, mapper) });
  }
  const objects = read.flatMap(({ file, input }) =>
    "sources" in input ? mapObjects(file, input.sources, mapper, known.blueprintOf) : [],
  );
  const unread = read.flatMap(({ file, input }) =>
    "fault" in input ? [{ place: file, message: input.fault }] : [],
  );
  const notes = read.flatMap(({ file, input }) =>
    "note" in input && input.note !== undefined ? [`${file}: ${input.note}`] : [],
  );
  return say(objects, [...unread, ...known.faults], [...mapper.notes, ...notes, ...known.notes]);
}

/** A fault of the mapping file, `place: what is wrong`. */
function asFault(text: string): Fault {
  const [, place, message] = /^(\S+): (.*)$/s.exec(text) ?? [];
  return place === undefined || message === undefined ? { place: "", message: text } : { place, message };
}
