import type { PortConfig } from "../config/config.ts";
import type { CallCounts } from "../http/client.ts";
import type { ClientOptions } from "../http/service-client.ts";
import type { JsonObject } from "../json.ts";
import { readBlueprint } from "./blueprint-client.ts";
import { createPortCaller, type PortCaller } from "./caller.ts";
import type { Entity } from "./entity.ts";
import type { SearchQuery } from "./query.ts";
import { refusalOf } from "./refusal.ts";
import { searchPages } from "./search.ts";
import { readUpsertAnswer, type UpsertResult } from "./upsert-answer.ts";

/** Port's API, as much of it as the sync needs. Every call can throw RequestError. */
export interface PortClient extends Pick<PortCaller, "baseUrl" | "signIn" | keyof CallCounts> {
  /**
   * All entities of a blueprint that a query matches, page by page (1,000 each).
   * @param include names of the properties and relations that are wanted (`$title` and the like for meta-properties)
   */
  search(blueprint: string, query: SearchQuery, include: readonly string[]): Promise<Entity[]>;
  /** The same, one page after the other. */
  searchPages(blueprint: string, query: SearchQuery, include: readonly string[]): AsyncGenerator<Entity[]>;
  /** Writes up to 20 entities of one blueprint, keeping what is not sent; one result each, in their order. */
  upsert(blueprint: string, entities: readonly Entity[], createMissing: boolean): Promise<UpsertResult[]>;
  /** Deletes one entity and nothing that depends on it. False when it was gone already. */
  delete(blueprint: string, identifier: string): Promise<boolean>;
  /** Deletes up to 100 entities of one blueprint, all or none. */
  deleteMany(blueprint: string, identifiers: readonly string[]): Promise<void>;
  /** A blueprint as Port has it; undefined when there is none. */
  blueprint(identifier: string): Promise<JsonObject | undefined>;
}

/** @see https://docs.port.io/api-reference/port-api */
export function createPortClient(config: PortConfig, options: ClientOptions): PortClient {
  const { call, ...caller } = createPortCaller(config, options);

  return {
    ...caller,

    searchPages: (...search) => searchPages(call, ...search),

    async search(blueprint, query, include) {
      const entities: Entity[] = [];
      for await (const page of searchPages(call, blueprint, query, include)) entities.push(...page);
      return entities;
    },

    async upsert(blueprint, entities, createMissing) {
      const query = `upsert=true&merge=true${createMissing ? "&create_missing_related_entities=true" : ""}`;
      const operation = "POST /blueprints/{blueprint}/entities/bulk";
      const answer = await call({
        method: "POST",
        path: `/blueprints/${encodeURIComponent(blueprint)}/entities/bulk?${query}`,
        operation,
        accept: [422],
        // The path names the blueprint.
        body: { entities: entities.map(({ blueprint: _, ...entity }) => withoutNullIcon(entity)) },
      });
      if (answer.status === 422) throw refusalOf(answer, operation, entities);
      const results = readUpsertAnswer(answer, entities.length, entities);
      for (const [index, { identifier, icon }] of entities.entries()) {
        if (icon !== null || !results[index]?.ok) continue;
        await call({
          method: "PATCH",
          path: `/blueprints/${encodeURIComponent(blueprint)}/entities/${encodeURIComponent(identifier)}`,
          operation: "PATCH /blueprints/{blueprint}/entities/{identifier}",
          body: { icon },
        });
      }
      return results;
    },

    async delete(blueprint, identifier) {
      const answer = await call({
        method: "DELETE",
        path: `/blueprints/${encodeURIComponent(blueprint)}/entities/${encodeURIComponent(identifier)}?delete_dependents=false`,
        operation: "DELETE /blueprints/{blueprint}/entities/{identifier}",
        accept: [404],
      });
      return answer.status !== 404;
    },

    async deleteMany(blueprint, identifiers) {
      await call({
        method: "POST",
        path: `/blueprints/${encodeURIComponent(blueprint)}/bulk/entities/delete?delete_dependents=false`,
        operation: "POST /blueprints/{blueprint}/bulk/entities/delete",
        body: { entities: identifiers },
      });
    },

    blueprint: (identifier) => readBlueprint(call, identifier),
  };
}

/** Port takes null for an icon only where it changes one entity. */
function withoutNullIcon({ icon, ...entity }: Omit<Entity, "blueprint">): JsonObject {
  return { ...entity, ...(icon == null ? {} : { icon }) } as JsonObject;
}
