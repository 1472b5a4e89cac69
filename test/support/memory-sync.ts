import { fileURLToPath } from "node:url";
import { field, selfLink, textField } from "../../lib/bitbucket/objects.ts";
import { isJsonObject, type Json, type JsonObject } from "../../lib/json.ts";
import type { LiveContext } from "../../lib/live/context.ts";
import type { Mapper } from "../../lib/mapping/mapper.ts";
import type { MappedEntity } from "../../lib/mapping/result.ts";
import { loadBlueprints } from "../../lib/port/blueprints.ts";
import type { Entity } from "../../lib/port/entity.ts";
import type { BackfillMessage } from "../../lib/queue/backfill-message.ts";
import { mappingSide } from "../../lib/sync/mapping-side.ts";
import { createMemory } from "../../lib/sync/memory.ts";
import { targetsIn } from "../../lib/sync/relations.ts";
import {
  createMemoryBitbucket,
  createMemoryPort,
  type MemoryBitbucket,
  type MemoryPort,
} from "./memory-clients.ts";

const blueprints = fileURLToPath(new URL("../../infra/port/blueprints", import.meta.url));

/** A sync between a Bitbucket and a Port in memory. */
export interface MemorySync {
  readonly context: LiveContext;
  readonly port: MemoryPort;
  readonly bitbucket: MemoryBitbucket;
  /** What the sync told of, e.g. `deleted project PRJ`. */
  readonly reported: string[];
  readonly backfills: BackfillMessage[];
}

export interface MemorySyncOptions {
  readonly mapper?: Mapper;
  /** Entities in one page of a search. */
  readonly pageSize?: number;
  readonly context?: Partial<LiveContext>;
}

export function memorySync({
  mapper = memoryMapper(),
  pageSize,
  context = {},
}: MemorySyncOptions = {}): MemorySync {
  const targetOf = targetsIn(loadBlueprints(blueprints, "default"));
  const port = createMemoryPort(targetOf, pageSize);
  const bitbucket = createMemoryBitbucket();
  const reported: string[] = [];
  const backfills: BackfillMessage[] = [];
  return {
    port,
    bitbucket,
    reported,
    backfills,
    context: {
      port,
      bitbucket,
      ...mappingSide(mapper, port, targetOf),
      memory: createMemory(),
      report: (what, kind, identifier) => reported.push(`${what} ${kind} ${identifier}`),
      sendBackfill: async (message) => void backfills.push(message),
      ...context,
    },
  };
}

const pullRequestRoles = { version: "updated_on", created: "created_on", link: "link", state: "state" };
type Making = (object: JsonObject) => MappedEntity[];

/** The default mapping without jq, which takes too long for every mutant, and without the fields that decide nothing. */
export function memoryMapper(own: Readonly<Record<string, Making>> = {}): Mapper {
  const makings: Readonly<Record<string, Making>> = { ...defaults, ...own };
  const none = { skipped: [], failed: [], cut: [] };
  return {
    name: "memory",
    notes: [],
    pullRequestState: "OPEN",
    map: (kind, objects) =>
      objects.map((object) => ({
        ...none,
        entities: (isJsonObject(object) && makings[kind]?.(object)) || [],
      })),
    fields: () => [],
    usable: () => true,
    reads: () => false,
    filled: () => new Map(),
  };
}

/** The identifier of a repository object. */
export function repositoryId(repository: Json | undefined): string {
  return `${textField(field(repository, "project"), "key")}/${textField(repository, "slug")}`;
}

/** The identifier of a user object. */
export function userId(user: Json | undefined): string {
  return textField(user, "emailAddress") ?? textField(user, "slug") ?? "";
}

const defaults: Readonly<Record<string, Making>> = {
  project: (object) => [
    mapped(object, "bitbucketProject", textField(object, "key") ?? "", { title: textField(object, "name") }),
  ],
  user: (object) => [
    mapped(object, "bitbucketUser", userId(object), { title: textField(object, "displayName") }),
  ],
  repository: (object) => [
    mapped(object, "bitbucketRepository", repositoryId(object), {
      title: textField(object, "name"),
      properties: {
        state: object["state"] ?? null,
        ...("__readme" in object ? { documentation: object["__readme"] ?? null } : {}),
      },
      relations: { project: textField(object["project"], "key") ?? null },
      enriched: ["documentation", "latestCommitAuthor"],
    }),
  ],
  "pull-request": (object) => {
    const repository = field(object["toRef"], "repository");
    const participants = object["participants"];
    const users = (Array.isArray(participants) ? participants : []).map((it) => field(it, "user"));
    const date = (name: string) => {
      const value = object[name];
      return typeof value === "number" ? new Date(value).toISOString() : null;
    };
    return [
      mapped(object, "bitbucketPullrequest", `${repositoryId(repository)}/${object["id"]}`, {
        title: textField(object, "title"),
        properties: {
          created_on: date("createdDate"),
          updated_on: date("updatedDate"),
          state: object["state"] ?? null,
        },
        relations: { repository: repositoryId(repository), participants: users.map(userId) },
        roles: pullRequestRoles,
      }),
    ];
  },
};

/** An entity as a mapping makes it; its link is the object's. */
export function mapped(
  object: JsonObject,
  blueprint: string,
  identifier: string,
  { title, ...more }: Partial<Omit<MappedEntity, "title">> & { readonly title?: string | undefined } = {},
): MappedEntity {
  const link = selfLink(object);
  const properties = { ...(link === undefined ? {} : { link }), ...more.properties };
  const fields = { properties: Object.keys(properties), relations: Object.keys(more.relations ?? {}) };
  return {
    identifier,
    blueprint,
    ...(title === undefined ? {} : { title }),
    relations: {},
    roles: { link: "link" },
    enriched: [],
    people: [],
    resource: 0,
    fields,
    ...more,
    properties,
  };
}

/** What Port has of an object after it was written. */
export function entityOf(mapper: Mapper, kind: string, object: JsonObject): Entity {
  const [entity] = mapper.map(kind, [object])[0]?.entities ?? [];
  if (entity === undefined) throw new Error(`no entity of ${kind}`);
  const { resource: _i, roles: _r, fields: _f, enriched: _e, people: _p, ...rest } = entity;
  return rest;
}
