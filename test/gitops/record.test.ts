import { expect, test } from "vitest";
import { type FileRecord, fromEntity, toEntity, wroteOf } from "../../lib/gitops/record.ts";
import { writeRecords } from "../../lib/gitops/records.ts";
import type { PortClient } from "../../lib/port/client.ts";
import type { Entity } from "../../lib/port/entity.ts";
import type { UpsertResult } from "../../lib/port/upsert-answer.ts";
import { failureOf } from "../support/rejection.ts";

const record: FileRecord = {
  identifier: "PRJ/app:port.yml",
  repositoryId: "7",
  key: "PRJ",
  slug: "app",
  path: "port.yml",
  commit: "c0ffee",
  settings: "s",
  status: "FAULT",
  problems: ["one", "two"],
  entities: ["service:a"],
  created: ["service:a"],
  waiting: ["service:b"],
  leaving: ["service:c"],
  references: ["README.md"],
  wrote: { "service:a": { properties: ["tier"], relations: ["uses"], meta: ["icon"] } },
  retry: true,
  unclear: true,
  gone: true,
  link: "https://bitbucket.example.org/projects/PRJ/repos/app/browse/port.yml",
  repository: "PRJ/app",
};
const bare: FileRecord = { ...record, status: "OK", problems: [], link: "", repository: undefined };

test.each([record, { ...record, status: "IGNORED" as const }, bare])(
  "a record comes back as it went",
  (one) => {
    expect(fromEntity(toEntity(one))).toEqual(one);
  },
);

test("what a record does not have is cleared in Port, where it may have been before", () => {
  const { properties, relations } = toEntity(bare);
  expect([properties["link"], properties["problems"], relations]).toEqual([null, null, { repository: null }]);
});

test.each<[unknown, string[]]>([
  [{ "service:a": { properties: ["tier", 5], relations: "uses" } }, ["tier"]],
  [{ "service:a": null }, []],
  [{ "service:a": "tier" }, []],
  [["service:a"], []],
  [null, []],
])("where somebody made %j of what was written, what can be understood of it counts", (wrote, properties) => {
  const entity = toEntity(record);
  const changed = fromEntity({ ...entity, properties: { ...entity.properties, wrote: wrote as null } });
  expect(wroteOf(changed, "service:a")).toEqual({ properties, relations: [], meta: [] });
});

/** Writes records to a Port that answers so, and gives what was sent of each with its relations. */
async function write(answer: (entity: Entity) => UpsertResult) {
  const sent: string[] = [];
  const port = {
    upsert: async (_: string, entities: readonly Entity[]) =>
      entities.map((entity) => {
        sent.push(`${entity.identifier} ${Object.keys(entity.relations)}`);
        return answer(entity);
      }),
  } as unknown as PortClient;
  const other = { ...record, identifier: "PRJ/app:b/port.yml" };
  const same = { ...record, identifier: "PRJ/app:c/port.yml" };
  await writeRecords(port, [record, other, same], new Map([[same.identifier, same]]));
  return sent;
}

test("a record whose repository has no entity is written without it, one that did not change not at all", async () => {
  const sent = await write(({ identifier, relations }) =>
    identifier === record.identifier && "repository" in relations
      ? { ok: false, status: 404, code: "not_found" }
      : { ok: true, created: true },
  );
  expect(sent).toEqual(["PRJ/app:port.yml repository", "PRJ/app:b/port.yml repository", "PRJ/app:port.yml "]);
});

test.each([503, undefined])("records that Port does not take for a %s are a failure", async (status) => {
  const failure = await failureOf(write(() => ({ ok: false, status, code: "away" })));
  expect(failure).toMatchObject({ service: "port", code: "away" });
  expect(failure.status).toBe(status);
});
