import type { PortSimulator } from "../../infra/local/simulators/port/server.ts";
import { blueprintNames, type Fields, fieldsOf, keyOf, textOf } from "./catalog.ts";
import type { Clock } from "./clock.ts";
import type { Machine } from "./machine.ts";
import type { Random } from "./random.ts";
import type { Witness } from "./witness.ts";

/** A product as it could be: whatever it hears, it makes Port what is true, a moment later. To try the witness on. */
export function trueMachine(clock: Clock, random: Random, port: PortSimulator, witness: Witness): Machine {
  async function tell(): Promise<void> {
    const truth = witness.expected();
    await clock.sleep(random.between(0, 2_000));
    const named = { properties: "properties.", relations: "relations." } as const;
    const part = (fields: Fields, prefix: string) =>
      Object.fromEntries(
        Object.entries(fields)
          .filter(([name, value]) => name.startsWith(prefix) && value !== undefined)
          .map(([name, value]) => [name.slice(prefix.length), value]),
      );
    const now = witness.expected();
    for (const [key, { blueprint, identifier, fields }] of truth) {
      if (!now.has(key)) continue;
      const there = port.entity(blueprint, identifier);
      const differs = ({ ...had }: Fields) =>
        Object.keys({ ...had, ...fields }).some((name) => textOf(had[name]) !== textOf(fields[name]));
      if (there !== undefined && !differs(fieldsOf(there))) continue;
      port.put(blueprint, {
        identifier,
        title: String(fields["title"]),
        properties: part(fields, named.properties),
        relations: part(fields, named.relations) as Record<string, string>,
      });
    }
    for (const blueprint of blueprintNames)
      for (const { identifier } of port.entities(blueprint))
        if (!now.has(keyOf({ blueprint, identifier }))) port.remove(blueprint, identifier);
  }

  return {
    async deliver() {
      await tell();
      return 202;
    },
    resync: tell,
    async backfill() {
      await tell();
      return [];
    },
    isIdle: async () => true,
    left: async () => [],
    dead: async () => [],
    stop: async () => undefined,
  };
}
