import { log } from "../aws/log.ts";
import type { Mapped } from "../mapping/mapped.ts";
import { isIdentity } from "../mapping/program.ts";

/** Where a mapping fails, whatever the number of objects, so that each place is told once. */
export interface MappingFaults {
  /**
   * @param object tells it from others
   * @param shown what it may be called in a log, e.g. `pull-request:mopp/app/7`
   */
  note(object: string, mapped: Pick<Mapped, "failed" | "cut">, shown: string): void;
  /** A sentence for each place since the last time, which is logged as well. */
  take(): string[];
}

/** Objects that are counted one by one; the same one may be mapped several times. */
const counted = 10_000;

interface Place {
  readonly place: string;
  /** Undefined where a text was cut. */
  readonly reason: string | undefined;
  readonly example: string;
  readonly objects: Set<string>;
}

/** @param mapping the mapping's name */
export function createMappingFaults(mapping: string): MappingFaults {
  const places = new Map<string, Place>();

  function add(place: string, reason: string | undefined, object: string, shown: string): void {
    const key = `${place}\n${reason ?? ""}`;
    const entry = places.get(key) ?? { place, reason, example: shown, objects: new Set() };
    places.set(key, entry);
    if (entry.objects.size < counted) entry.objects.add(object);
  }

  return {
    note(object, { failed, cut }, shown) {
      for (const { place, reason } of failed) add(place, reason, object, shown);
      for (const place of cut) add(place, undefined, object, shown);
    },
    take() {
      const taken = [...places.values()];
      places.clear();
      return taken.flatMap(({ place, reason, example, objects }) => {
        const fields = { mapping, place, objects: objects.size, example };
        if (reason === undefined) log("warn", "text cut", fields);
        else log("warn", "mapping expression failed", { ...fields, detail: reason });
        return reason === undefined
          ? []
          : [`${place}: ${reason}; ${effectAt(place)} (${howMany(objects)}, e.g. ${example})`];
      });
    },
  };
}

function effectAt(place: string): string {
  if (place.endsWith(".selector.query")) return "what it fails for is left out";
  return isIdentity(place) ? "nothing is made of that" : "it stays in Port as it is";
}

function howMany({ size }: ReadonlySet<string>): string {
  return size === 1 ? "1 object" : `${size}${size < counted ? "" : " and more"} objects`;
}
