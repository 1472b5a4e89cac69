import { bareObject } from "../bitbucket/objects.ts";
import type { BackfillMessage } from "../queue/backfill-message.ts";
import { samples } from "../sync/beneath.ts";
import { mapOne } from "../sync/map.ts";
import type { Removal } from "../sync/removal.ts";
import type { BackfillContext } from "./context.ts";
import type { ProjectWork } from "./project.ts";

type CarriedWork = NonNullable<Extract<BackfillMessage, { project: string }>["work"]>;

/** JSON of the entities that a continuation carries to be deleted, in bytes: SQS takes 1 MiB in all. */
const mostCarried = 1_000_000;

/** A project's work for a message, with as much of what is gone as fits; the next run finds the rest. */
export function carry(work: ProjectWork): CarriedWork {
  const gone = work.gone.flatMap(({ kind, blueprint, identifier, address, base, createdDate, witness }) =>
    kind === "user" || address.kind === "user" || base === undefined
      ? []
      : [{ kind, blueprint, identifier, address, base, createdDate, superseded: witness === undefined }],
  );
  let bytes = 0;
  const end = gone.findIndex((entity) => {
    bytes += Buffer.byteLength(JSON.stringify(entity)) + 1;
    return bytes > mostCarried;
  });
  if (end === -1) return { ...work, gone };
  return { ...work, gone: gone.slice(0, end), dropped: (work.dropped ?? 0) + gone.length - end };
}

/** The entities that a message carried, with what the mapping says of their blueprints. */
export function restore(gone: CarriedWork["gone"], context: Pick<BackfillContext, "mapper">): Removal[] {
  const kinds = [...new Set(gone.map(({ kind }) => kind))];
  const named = new Map(kinds.map((kind) => [kind, mapOne(kind, bareObject(samples[kind]), context)]));
  return gone.flatMap(({ superseded = false, ...entity }) => {
    const mapped = named.get(entity.kind) ?? [];
    const roles = mapped.find(({ blueprint }) => blueprint === entity.blueprint)?.roles;
    const witness = superseded ? undefined : entity.address;
    return roles === undefined ? [] : [{ ...entity, roles, witness, linked: true }];
  });
}
