import { describe, expect, it } from "vitest";
import type { HttpAnswer } from "../../lib/http/request.ts";
import type { Json } from "../../lib/json.ts";
import { readUpsertAnswer } from "../../lib/port/upsert-answer.ts";

const answer = (status: number, json?: Json): HttpAnswer => ({
  status,
  headers: new Headers(),
  text: "",
  json,
});
const unknown = { ok: false, status: undefined, code: "not_mentioned" };
const kept = { ok: true, created: false };

describe("the answer to an upsert", () => {
  it("of 200 means that all are written, whether it says so or not", () => {
    expect(readUpsertAnswer(answer(200, { ok: true }), 2)).toEqual([kept, kept]);
    expect(readUpsertAnswer(answer(200, { ok: true, entities: [], errors: [] }), 1)).toEqual([kept]);
    const entities = [{ identifier: "B", index: 1, created: true }];
    expect(readUpsertAnswer(answer(200, { entities }), 2)).toEqual([kept, { ok: true, created: true }]);
  });

  it("of 200 with errors has failures nonetheless", () => {
    const errors = [{ identifier: "A", index: 0, statusCode: 409, error: "conflict", message: "x" }];
    expect(readUpsertAnswer(answer(200, { ok: true, errors }), 2)).toEqual([
      { ok: false, status: 409, code: "conflict" },
      kept,
    ]);
  });

  it("of 207 leaves those that it does not mention for another try", () => {
    const entities = [{ identifier: "C", index: 2, created: false }];
    expect(readUpsertAnswer(answer(207, { entities }), 3)).toEqual([unknown, unknown, kept]);
  });

  it("takes an error for true where an entity is named twice", () => {
    const json = {
      entities: [{ index: 0, created: true }],
      errors: [{ index: 0, statusCode: 422, error: "e" }],
    };
    expect(readUpsertAnswer(answer(207, json), 1)).toEqual([{ ok: false, status: 422, code: "e" }]);
  });

  it("may leave out what it was not asked for", () => {
    const json = { entities: [{ index: 0 }], errors: [{ index: 1, statusCode: 500 }] };
    expect(readUpsertAnswer(answer(207, json), 2)).toEqual([
      kept,
      { ok: false, status: 500, code: "unknown" },
    ]);
  });

  it("never counts an entity with an error as written, even when the error is odd", () => {
    const errors: Json = [{ identifier: "A", index: 0, error: "conflict", message: "no status code" }];
    expect(readUpsertAnswer(answer(200, { errors }), 1)[0]).toMatchObject({ ok: false });
    expect(readUpsertAnswer(answer(207, { errors, entities: [] }), 1)[0]).toMatchObject({ ok: false });
  });

  it("loses no good error because another one is odd", () => {
    const errors: Json = [
      { index: 0, statusCode: "?" },
      { index: 1, statusCode: 422, error: "bad" },
    ];
    expect(readUpsertAnswer(answer(207, { errors }), 2)).toEqual([
      expect.objectContaining({ ok: false }),
      { ok: false, status: 422, code: "bad" },
    ]);
  });

  it.each<[Json | undefined]>([[undefined], ["ok"], [[]], [null], [5]])(
    "of 200 with %j says nothing",
    (json) => {
      expect(readUpsertAnswer(answer(200, json), 2)).toEqual([unknown, unknown]);
    },
  );

  it("has one result for each entity, whatever places it names", () => {
    const entities = [-1, 2, 1e9, 0.5].map((index) => ({ index, created: true }));
    expect(readUpsertAnswer(answer(207, { entities }), 2)).toEqual([unknown, unknown]);
  });
});
