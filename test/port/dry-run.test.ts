import { afterEach, expect, it } from "vitest";
import { withoutWrites } from "../../lib/port/dry-run.ts";
import { byIdentifier } from "../../lib/port/query.ts";
import { project, type SimulatedPort, startSimulatedPort } from "../support/port-client.ts";

let simulated: SimulatedPort;
afterEach(() => simulated.port.close());

it("a client without writes reads what is there and changes nothing", async () => {
  simulated = await startSimulatedPort();
  const { port } = simulated;
  port.put("bitbucketProject", project("A"));
  const before = port.entities("bitbucketProject");
  const client = withoutWrites(simulated.client);
  const two = [project("A", { type: "x" }), project("B")];
  expect((await client.upsert("bitbucketProject", two, true)).map((it) => it.ok)).toEqual([true, true]);
  expect(await client.delete("bitbucketProject", "A")).toBe(true);
  await client.deleteMany("bitbucketProject", ["A"]);
  const found = await client.search("bitbucketProject", byIdentifier(["A", "B"]), ["$title"]);
  expect(found.map((it) => it.identifier)).toEqual(["A"]);
  expect(port.entities("bitbucketProject")).toEqual(before);
});
