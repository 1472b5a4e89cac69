import { afterEach, expect, it } from "vitest";
import { describeError } from "../../lib/aws/log.ts";
import { describeRefusal, refusalOf } from "../../lib/port/refusal.ts";
import { type SimulatedPort, startSimulatedPort } from "../support/port-client.ts";
import { rejection } from "../support/rejection.ts";

const entity = (username: string | number) => ({
  identifier: "ann",
  blueprint: "bitbucketUser",
  properties: { username, secret_plan: "top" },
  relations: { boss: "bob" },
});

let simulated: SimulatedPort | undefined;
afterEach(() => simulated?.port.close());

it.each<[unknown, string]>([
  ['"secret_plan" is not a property of blueprint "bitbucketUser"', 'invalid: property "secret_plan"'],
  ["properties/username must be string", 'invalid: property "username"'],
  ["`boss` and 'username' are odd", 'invalid: property "username", relation "boss"'],
  ["/properties/username, /relations/boss", 'invalid: property "username", relation "boss"'],
  ['the value "ann@example.org" of "x" is not allowed, nor is top', "invalid"],
  ["username, boss", "invalid"],
  ['"username2", "user"', "invalid"],
  ["", "invalid"],
  [undefined, "invalid"],
  [{ message: "properties/username" }, "invalid"],
])("of the message %j only the names of our own fields are told: %s", (message, told) => {
  expect(describeRefusal("invalid", message, [entity("ann")])).toBe(told);
});

it("an entity that is refused among others says for which field", async () => {
  simulated = await startSimulatedPort();
  const results = await simulated.client.upsert(
    "bitbucketUser",
    [entity("ann"), { ...entity(5), identifier: "bea" }],
    false,
  );
  expect(results).toMatchObject([
    { status: 422, code: 'invalid_request: property "secret_plan"' },
    { status: 422, code: expect.stringMatching(/^invalid_request: property "(username|secret_plan)"$/) },
  ]);
});

it("entities that are refused together say for which field, and nothing of a value", async () => {
  simulated = await startSimulatedPort({ schemaErrors: "whole-call" });
  const error = await rejection(simulated.client.upsert("bitbucketUser", [entity("ann")], false));
  expect(error).toMatchObject({ failure: { status: 422, code: 'invalid_request: property "secret_plan"' } });
  expect(JSON.stringify([String(error), error, describeError(error)])).not.toMatch(/ann|bob|top/);
});

it.each([
  [{ error: "invalid_request", message: "properties/username" }, 'invalid_request: property "username"'],
  [{ message: "/relations/boss" }, 'refused: relation "boss"'],
  [["invalid"], "refused"],
  [undefined, "refused"],
])("the refusal %j is told as %s, with what Port calls it", (json, code) => {
  const text = JSON.stringify(json ?? "");
  const headers = new Headers(json === undefined ? {} : { "x-trace-id": "trace-1" });
  const { failure } = refusalOf({ status: 422, headers, text, json }, "POST it", [entity("ann")]);
  const traceId = json === undefined ? undefined : "trace-1";
  expect(failure).toEqual({ service: "port", operation: "POST it", status: 422, code, traceId });
});
