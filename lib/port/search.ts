import { RequestError } from "../errors.ts";
import { createPageWatch } from "../http/pages.ts";
import type { PortCaller } from "./caller.ts";
import type { Entity } from "./entity.ts";
import type { SearchQuery } from "./query.ts";
import { foundEntities, toEntity } from "./search-answer.ts";

const searchPage = 1000;

/**
 * All entities of a blueprint that a query matches, page by page.
 * @throws RequestError, also when the pages do not come to an end
 */
export async function* searchPages(
  call: PortCaller["call"],
  blueprint: string,
  query: SearchQuery,
  include: readonly string[],
): AsyncGenerator<Entity[]> {
  const operation = "POST /blueprints/{blueprint}/entities/search";
  const path = `/blueprints/${encodeURIComponent(blueprint)}/entities/search`;
  const watch = createPageWatch("port", operation);
  let from: string | undefined;
  do {
    const body = { query, include, limit: searchPage, ...(from === undefined ? {} : { from }) };
    const answer = await call({ method: "POST", path, operation, body });
    const page = foundEntities.safeParse(answer.json);
    if (!page.success) throw new RequestError({ service: "port", operation, code: "unexpected_answer" });
    const { entities, next } = page.data;
    yield entities.map((found) => toEntity(blueprint, found));
    from = next || undefined;
    if (from !== undefined) watch(from, entities.length);
  } while (from !== undefined);
}
