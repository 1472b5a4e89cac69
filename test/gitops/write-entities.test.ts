import { expect, test } from "vitest";
import type { BlueprintFields } from "../../lib/gitops/blueprints.ts";
import { writeEntities } from "../../lib/gitops/write-entities.ts";
import type { PortClient } from "../../lib/port/client.ts";
import { type Entity, entityKey, type RelationValue } from "../../lib/port/entity.ts";
import type { UpsertResult } from "../../lib/port/upsert-answer.ts";
import { failureOf } from "../support/rejection.ts";

const entity = (identifier: string, relations: Record<string, RelationValue> = {}): Entity => ({
  identifier,
  blueprint: "service",
  properties: {},
  relations,
});
const fields: BlueprintFields = {
  has: () => true,
  isObject: () => false,
  isRequired: () => false,
  targetOf: (relation) => (relation === "uses" || relation === "team" ? "service" : undefined),
};

/** Writes entities of one blueprint; gives what became of each and what was sent, call by call. */
async function write(entities: Entity[], answer: (entity: Entity) => UpsertResult, existing: Entity[] = []) {
  const sent: unknown[] = [];
  const port = {
    upsert: async (_: string, part: readonly Entity[]) => {
      sent.push(part.map(({ identifier, relations }) => [identifier, relations]));
      return part.map(answer);
    },
  } as unknown as PortClient;
  const present = {
    existing: new Map(existing.map((it) => [entityKey("service", it.identifier), it])),
    schemas: new Map([["service", fields]]),
  };
  const written = await writeEntities(entities, present, port);
  return { sent, written: entities.map(({ identifier }) => written.get(entityKey("service", identifier))) };
}
const taken = (): UpsertResult => ({ ok: true, created: true });

test("what leads in a circle is written without it first, and then with it, and counts as created", async () => {
  const { sent, written } = await write(
    [entity("a", { uses: ["b", "a"] }), entity("b", { team: "a" })],
    taken,
  );
  expect(sent).toEqual([
    [
      ["a", { uses: ["a"] }],
      ["b", {}],
    ],
    [
      ["a", { uses: ["b", "a"] }],
      ["b", { team: "a" }],
    ],
  ]);
  expect(written).toEqual([{ is: "created" }, { is: "created" }]);
});

const rules = [{ property: "$title", operator: "=", value: "B" }];
const search = { uses: { combinator: "and", rules } } as unknown as Record<string, RelationValue>;

test("a relation that the blueprint does not have goes to Port as it is, and a search last of all", async () => {
  const { sent, written } = await write([entity("a", { owner: "ann", ...search })], taken);
  expect(sent[0]).toEqual([["a", { owner: "ann" }]]);
  expect(sent.at(-1)).toEqual([["a", { owner: "ann", ...search }]]);
  expect(written).toEqual([{ is: "created" }]);
});

test("an entity whose search Port refuses was made all the same", async () => {
  const answer = ({ relations }: Entity): UpsertResult =>
    "uses" in relations ? { ok: false, status: 422, code: "no" } : taken();
  const { written } = await write([entity("a", search)], answer);
  expect(written).toEqual([{ is: "refused", reason: "422 no", isMade: true }]);
});

test("what is as it should be is not sent, what is not counts as updated", async () => {
  const now = [entity("a"), { ...entity("b"), title: "B" }];
  const { sent, written } = await write(now, taken, [entity("a"), entity("b")]);
  expect([sent, written]).toEqual([[[["b", {}]]], [{ is: "unchanged" }, { is: "updated" }]]);
});

test.each([400, 404, 413, 422])("an entity that Port refuses with %i costs no other one", async (status) => {
  const answer = ({ identifier }: Entity): UpsertResult =>
    identifier === "a" ? { ok: false, status, code: "no" } : taken();
  expect((await write([entity("a"), entity("b")], answer)).written).toEqual([
    { is: "refused", reason: `${status} no`, isMade: false },
    { is: "created" },
  ]);
});

test.each([
  [503, 9_000],
  [429, 1_000],
  [401, undefined],
  [undefined, undefined],
])("where Port answers %s it may take them later", async (status, retryAfterMs) => {
  const answer = (): UpsertResult => ({
    ok: false,
    status,
    code: "away",
    ...(retryAfterMs && { retryAfterMs }),
  });
  const failure = await failureOf(write([entity("a")], answer));
  expect(failure).toMatchObject({ service: "port", code: "away" });
  expect([failure.status, failure.retryAfterMs]).toEqual([status, retryAfterMs]);
});
