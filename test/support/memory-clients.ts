import { type Address, addressName, type Place } from "../../lib/bitbucket/address.ts";
import type { BitbucketClient } from "../../lib/bitbucket/client.ts";
import { type Kind, objectAddress, textField } from "../../lib/bitbucket/objects.ts";
import type { Whereabouts } from "../../lib/bitbucket/whereabouts.ts";
import { RequestError, type RequestFailure } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { PortClient } from "../../lib/port/client.ts";
import { type Entity, type EntityKey, entityKey, keyOf } from "../../lib/port/entity.ts";
import type { SearchQuery } from "../../lib/port/query.ts";
import { type TargetOf, targetKeys } from "../../lib/sync/relations.ts";

// Both sides without a server, for the tests that are run once for every mutant: they answer as the simulators do, as far
// as the code that decides asks.

/** When the Bitbucket in memory answers, epoch ms. */
export const answeredAt = Date.parse("2024-06-01T00:00:00.000Z");

export interface MemoryBitbucket extends BitbucketClient {
  /** What was asked, in order: addresses, and `sign-in`. */
  readonly asked: string[];
  /** Answers in place of what would be true, by the address's name. */
  readonly answers: Map<string, Whereabouts>;
  /** Shows an object at its own address from now on. */
  put(kind: Kind, object: JsonObject): void;
}

/** What Bitbucket answers when it cannot tell. */
export function unknown(failure: Partial<RequestFailure> = {}, advice?: string): Whereabouts {
  return { is: "unknown", error: failed("bitbucket", failure, advice) };
}

export function failed(
  service: RequestFailure["service"],
  failure: Partial<RequestFailure>,
  advice?: string,
): RequestError {
  return new RequestError({ service, operation: "GET it", ...failure }, advice);
}

export function createMemoryBitbucket(): MemoryBitbucket {
  const objects = new Map<string, JsonObject>();
  const answers = new Map<string, Whereabouts>();
  const asked: string[] = [];
  const notHere = () => Promise.reject(new Error("nobody asks this of the Bitbucket in memory"));

  function find(address: Place): Whereabouts {
    const name = addressName(address);
    const told = answers.get(name);
    if (told !== undefined) return told;
    const object = objects.get(name);
    if (object !== undefined) return { is: "here", object, at: answeredAt };
    const missing = containersOf(address).find((outer) => !objects.has(addressName(outer)));
    return { is: "gone", what: missing?.kind ?? address.kind };
  }

  return {
    baseUrl: "https://bitbucket.example.org",
    defaultBranch: async () => "refs/heads/main",
    asked,
    answers,
    put(kind, object) {
      const slug = textField(object, "slug") ?? "";
      const address = kind === "user" ? ({ kind, slug } as const) : objectAddress(kind, object);
      if (address === undefined) throw new Error(`no address: ${JSON.stringify(object)}`);
      objects.set(addressName(address), object);
    },
    async find(address) {
      asked.push(addressName(address));
      return find(address);
    },
    async confirmSignIn() {
      asked.push("sign-in");
    },
    latestCommit: notHere,
    file: notHere,
    fileAt: notHere,
    paths: notHere,
    changes: notHere,
    page: notHere,
    send: notHere,
    // biome-ignore lint/correctness/useYield: it ends before its first page
    async *pages() {
      await notHere();
    },
    calls: () => asked.length,
    throttled: () => 0,
  };
}

/** The outermost first. */
function containersOf(address: Place): Address[] {
  if (address.kind === "user" || address.kind === "project") return [];
  const { key, slug } = address;
  const project = { kind: "project", key } as const;
  return address.kind === "repository" ? [project] : [project, { kind: "repository", key, slug }];
}

export interface MemoryPort extends PortClient {
  readonly entities: Map<EntityKey, Entity>;
  /** Calls in order, e.g. `delete bitbucketProject PRJ`; of a search what it may give back. */
  readonly made: string[];
  /** Errors of calls, by their text. */
  readonly failures: Map<string, RequestError>;
  put(...entities: readonly Entity[]): void;
}

/** @param pageSize entities in one page of a search */
export function createMemoryPort(targetOf: TargetOf, pageSize = 1_000): MemoryPort {
  const entities = new Map<EntityKey, Entity>();
  const made: string[] = [];
  const failures = new Map<string, RequestError>();

  function call(what: string, blueprint: string, identifiers: readonly string[]): void {
    const text = `${what} ${blueprint} ${identifiers.join(",")}`;
    made.push(text);
    const failure = failures.get(text);
    if (failure !== undefined) throw failure;
  }

  function drop(blueprint: string, identifiers: readonly string[]): void {
    const keys = new Set(identifiers.map((identifier) => entityKey(blueprint, identifier)));
    const depends = (it: Entity) =>
      !keys.has(keyOf(it)) && targetKeys(it, targetOf).some((target) => keys.has(target));
    if (entities.values().some(depends)) throw failed("port", { status: 422, code: "has_dependents" });
    for (const key of keys) entities.delete(key);
  }

  function matches(entity: Entity, rule: Rule): boolean {
    const { operator, property = "", value } = rule;
    if (operator === "in" && property === "$identifier") return [value].flat().includes(entity.identifier);
    if (operator === "=") return entity.properties[property] === value;
    if (operator !== "relatedTo" || rule.blueprint === undefined)
      throw new Error(`no such rule: ${operator}`);
    const wanted = new Set([value].flat().map((it) => entityKey(rule.blueprint ?? "", it)));
    const leads = (it: Entity): boolean =>
      targetKeys(it, targetOf).some((key) => {
        const next = entities.get(key);
        return wanted.has(key) || (next !== undefined && leads(next));
      });
    return leads(entity);
  }

  async function search(blueprint: string, query: SearchQuery, include: readonly string[]) {
    const rules = query.rules as readonly Rule[];
    const ids = rules.flatMap(({ operator, value }) => (operator === "=" ? [] : value));
    call("search", blueprint, ids);
    const own = [...entities.values()].filter((entity) => entity.blueprint === blueprint);
    return own
      .filter((entity) => rules.every((rule) => matches(entity, rule)))
      .map((entity) => projected(entity, include));
  }

  return {
    baseUrl: "https://port.example.org/v1",
    signIn: async () => {},
    blueprint: async () => Promise.reject(failed("port", { status: 403 })),
    entities,
    made,
    failures,
    put(...more) {
      for (const entity of more) entities.set(keyOf(entity), entity);
    },
    search,
    async *searchPages(...query) {
      const found = await search(...query);
      for (let start = 0; start < found.length; start += pageSize) yield found.slice(start, start + pageSize);
    },
    async upsert(blueprint, sent) {
      call(
        "upsert",
        blueprint,
        sent.map(({ identifier }) => identifier),
      );
      return sent.map((entity) => {
        const there = entities.get(keyOf(entity));
        const properties = { ...there?.properties, ...entity.properties };
        const relations = { ...there?.relations, ...entity.relations };
        entities.set(keyOf(entity), { ...there, ...entity, properties, relations });
        return { ok: true, created: there === undefined };
      });
    },
    async delete(blueprint, identifier) {
      call("delete", blueprint, [identifier]);
      const was = entities.has(entityKey(blueprint, identifier));
      drop(blueprint, [identifier]);
      return was;
    },
    async deleteMany(blueprint, identifiers) {
      call("delete", blueprint, identifiers);
      drop(blueprint, identifiers);
    },
    calls: () => made.length,
    throttled: () => 0,
  };
}

interface Rule {
  readonly operator: string;
  readonly property?: string;
  readonly blueprint?: string;
  readonly value: string | readonly string[];
}

/** What a search gives: nothing but what it was asked for. */
function projected(entity: Entity, include: readonly string[]): Entity {
  if (!include.includes("$identifier")) throw failed("port", { code: "unexpected_answer" });
  const { identifier, blueprint, title = identifier, properties, relations } = entity;
  const asked = ([name]: [string, unknown]) => include.includes(name);
  return {
    identifier,
    blueprint,
    ...(include.includes("$title") ? { title } : {}),
    properties: Object.fromEntries(Object.entries(properties).filter(asked)),
    relations: Object.fromEntries(Object.entries(relations).filter(asked)),
  };
}
