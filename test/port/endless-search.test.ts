import { expect, it } from "vitest";
import { byIdentifier } from "../../lib/port/query.ts";
import { startLoopback } from "../support/loopback.ts";
import { clientOf, isLogin } from "../support/port-client.ts";
import { failureOf } from "../support/rejection.ts";

const tooMany = 2_000;

/** What a search comes to whose pages go on as told. */
async function search(markOf: (page: number) => string, entities: readonly object[]) {
  const server = await startLoopback((call, index) => {
    if (isLogin(call)) return { body: { accessToken: "t", expiresIn: 3600 } };
    return { body: { entities, next: index > tooMany ? null : markOf(index) } };
  });
  const found = clientOf(server.url, { retries: 0 }).search("b", byIdentifier(["A"]), []);
  const failure = await failureOf(found).finally(server.close);
  return { pages: server.received.length - 1, failure };
}

it.each<[string, number, (page: number) => string]>([
  ["stays where it is", 2, () => "here"],
  ["goes in a circle of two", 3, (page) => ["A", "B"][page % 2] ?? ""],
  ["goes in a circle of five", 6, (page) => `mark ${page % 5}`],
])("a search whose mark %s ends with an error", async (_, most, markOf) => {
  const { pages, failure } = await search(markOf, [{ identifier: "A" }]);
  expect(failure).toMatchObject({
    service: "port",
    operation: "POST /blueprints/{blueprint}/entities/search",
    code: "endless_pages",
  });
  expect(pages).toBeLessThanOrEqual(most);
});

it("a search that brings page after page of nothing ends with an error", async () => {
  const { pages, failure } = await search((page) => `mark ${page}`, []);
  expect(failure).toMatchObject({ code: "endless_pages" });
  expect(pages).toBeLessThan(tooMany);
});
