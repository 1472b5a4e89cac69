import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Entity } from "../port/entity.ts";
import { type EntityName, type Fields, metaFields, noFields } from "./names.ts";

/** The blueprint of the records: what is known of a definition file lies in Port, for people to see as well. */
export const recordBlueprint = "bitbucketPortFile";

export type Status = "OK" | "FAULT" | "IGNORED";

/** What is known of a definition file. */
export interface FileRecord {
  /** `KEY/slug:path`. */
  readonly identifier: string;
  /** Bitbucket's number of the repository, which a rename or move does not change. */
  readonly repositoryId: string;
  readonly key: string;
  readonly slug: string;
  readonly path: string;
  /** The tip that was synced (a hash); empty where that did not come to its end. */
  readonly commit: string;
  /** Of the settings that it was synced with. */
  readonly settings: string;
  readonly status: Status;
  /** Sentences for people. */
  readonly problems: readonly string[];
  /** The entities that the file defines and that are its own. */
  readonly entities: readonly EntityName[];
  /** Those of them, and of the leaving ones, that were made from here: only they are ever deleted. */
  readonly created: readonly EntityName[];
  /** The entities that it defines too, but another repository had first. */
  readonly waiting: readonly EntityName[];
  /** What it does not define any more and what is not settled yet. */
  readonly leaving: readonly EntityName[];
  /** Files that its entities refer to. */
  readonly references: readonly string[];
  /** The fields that were written of each entity. */
  readonly wrote: Readonly<Record<EntityName, Fields>>;
  /** Something in it may come right without a push. */
  readonly retry: boolean;
  /** Not all of the file can be understood: what the repository's other files lack may be in it. */
  readonly unclear: boolean;
  /** The file, or its repository, is not there any more; the record goes with what is leaving. */
  readonly gone: boolean;
  /** The file's page in Bitbucket. */
  readonly link: string;
  /** The repository's entity; absent where the mapping makes none. */
  readonly repository: string | undefined;
}

/** All that a record's entity has. */
export const recordFields = [
  "repositoryId",
  "project",
  "slug",
  "path",
  "commit",
  "settings",
  "status",
  "problems",
  "entities",
  "created",
  "waiting",
  "leaving",
  "references",
  "wrote",
  "retry",
  "unclear",
  "gone",
  "link",
  "repository",
] as const;

export function toEntity(record: FileRecord): Entity {
  const { identifier, key, problems, wrote, repository, path, link, ...rest } = record;
  return {
    identifier,
    blueprint: recordBlueprint,
    title: path,
    properties: {
      ...(rest as unknown as JsonObject),
      project: key,
      path,
      link: link === "" ? null : link,
      problems: problems.length === 0 ? null : problems.join("\n"),
      wrote: wrote as unknown as JsonObject,
    },
    relations: { repository: repository ?? null },
  };
}

/** Tolerant: people may have changed it, and a run may have read only some of its fields. */
export function fromEntity({ identifier, properties, relations }: Entity): FileRecord {
  const { repository } = relations;
  const status = text(properties["status"]);
  return {
    identifier,
    repositoryId: text(properties["repositoryId"]),
    key: text(properties["project"]),
    slug: text(properties["slug"]),
    path: text(properties["path"]),
    commit: text(properties["commit"]),
    settings: text(properties["settings"]),
    status: status === "FAULT" || status === "IGNORED" ? status : "OK",
    problems: text(properties["problems"])
      .split("\n")
      .filter((line) => line !== ""),
    entities: texts(properties["entities"]),
    created: texts(properties["created"]),
    waiting: texts(properties["waiting"]),
    leaving: texts(properties["leaving"]),
    references: texts(properties["references"]),
    wrote: allWrote(properties["wrote"]),
    retry: properties["retry"] === true,
    unclear: properties["unclear"] === true,
    gone: properties["gone"] === true,
    link: text(properties["link"]),
    repository: typeof repository === "string" ? repository : undefined,
  };
}

/** The fields of an entity that a file wrote, as far as its record says. */
export function wroteOf({ wrote }: Pick<FileRecord, "wrote">, name: EntityName): Fields {
  return wrote[name] ?? noFields;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function allWrote(value: Json | undefined): Record<EntityName, Fields> {
  if (!isJsonObject(value)) return {};
  const entries = Object.entries(value).map(([name, fields]) => {
    if (!isJsonObject(fields)) return [name, noFields] as const;
    return [
      name,
      {
        properties: texts(fields["properties"]),
        relations: texts(fields["relations"]),
        meta: metaFields.filter((field) => texts(fields["meta"]).includes(field)),
      },
    ] as const;
  });
  return Object.fromEntries(entries);
}
