import { expect, test, vi } from "vitest";
import type { JsonObject } from "../../lib/json.ts";
import { deleteEntities } from "../../lib/sync/delete.ts";
import { failed } from "../support/memory-clients.ts";
import { memorySync } from "../support/memory-sync.ts";
import { rejection } from "../support/rejection.ts";

const blueprint = "bitbucketProject";

/** A Port with so many entities, named by their numbers. */
function withEntities(count: number) {
  const { port } = memorySync();
  const ids = Array.from({ length: count }, (_, index) => String(index));
  for (const identifier of ids) port.put({ identifier, blueprint, properties: {}, relations: {} });
  return { port, ids };
}

test("entities are deleted a hundred in a call", async () => {
  const { port, ids } = withEntities(201);
  expect(await deleteEntities(blueprint, ids, port)).toEqual(ids);
  expect(port.entities.size).toBe(0);
  expect(port.made).toEqual([
    `delete ${blueprint} ${ids.slice(0, 100).join(",")}`,
    `delete ${blueprint} ${ids.slice(100, 200).join(",")}`,
    `delete ${blueprint} 200`,
  ]);
});

test("nothing is asked of Port where there is nothing to delete", async () => {
  const { port } = withEntities(1);
  expect(await deleteEntities(blueprint, [], port)).toEqual([]);
  expect(port.made).toEqual([]);
});

test.each([400, 404, 409, 422])(
  "what Port refuses all together (%i) is deleted one by one, and what it refuses alone stays and is named",
  async (status) => {
    const lines: JsonObject[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((line) => {
      lines.push(JSON.parse(String(line)) as JsonObject);
      return true;
    });
    const { port, ids } = withEntities(3);
    const refused = failed("port", { status, code: "has_dependents" });
    for (const call of ["0,1,2", "1"]) port.failures.set(`delete ${blueprint} ${call}`, refused);
    expect(await deleteEntities(blueprint, ids, port)).toEqual(["0", "2"]);
    expect(port.made.map((call) => call.split(" ").at(-1))).toEqual(["0,1,2", "0", "1", "2"]);
    const message = "entity left: Port refuses to delete it, other entities may depend on it";
    expect(lines).toMatchObject([{ level: "warn", message, blueprint, status, code: "has_dependents" }]);
    vi.restoreAllMocks();
  },
);

const trouble = [
  ["Port is away", failed("port", { status: 503 })],
  ["Port gives no answer", failed("port", {})],
  ["something else goes wrong", new TypeError("a bug")],
] as const;

test.each(trouble)(
  "when %s, the deletion of many ends, and nothing is tried one by one",
  async (_, error) => {
    const { port, ids } = withEntities(2);
    const away = { ...port, deleteMany: () => Promise.reject(error) };
    expect(await rejection(deleteEntities(blueprint, ids, away))).toBe(error);
    expect(port.made).toEqual([]);
  },
);

test.each(trouble)("when %s, the deletion of one ends", async (_, error) => {
  const { port } = withEntities(1);
  const away = { ...port, delete: () => Promise.reject(error) };
  expect(await rejection(deleteEntities(blueprint, ["0"], away))).toBe(error);
});
