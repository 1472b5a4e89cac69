import { afterEach, expect, test } from "vitest";
import {
  bitbucketDemoPassword,
  bitbucketDemoUsername,
} from "../../infra/local/simulators/bitbucket/server.ts";
import { rejection } from "../support/rejection.ts";
import { type SetupHarness, startSetup, webhooksOf, writesOf } from "../support/setup.ts";
import { headers } from "../support/truth.ts";

let harness: SetupHarness;
afterEach(() => harness.close());

const passwords = {
  BITBUCKET_TOKEN: "",
  BITBUCKET_USERNAME: bitbucketDemoUsername,
  BITBUCKET_PASSWORD: bitbucketDemoPassword,
};
const variants = headers.flatMap((usernameHeader) =>
  ["8.19.1", "8.5.0"].flatMap((version) => [{}, passwords].map((env) => ({ usernameHeader, version, env }))),
);

test.each(variants)(
  "setup that is answered as nobody says so and writes nothing: %o",
  async ({ usernameHeader, version, env }) => {
    harness = await startSetup({ bitbucket: { usernameHeader, version, anonymous: true } });
    const text = String(await rejection(harness.run({}, env)));
    expect(text).toMatch(/the login of BITBUCKET_.* is not accepted any more/);
    expect(writesOf(harness.port)).toEqual([]);
    expect(writesOf(harness.bitbucket)).toEqual([]);
    expect(webhooksOf(harness.bitbucket)).toEqual(new Map());
  },
);

test("a site without public access refuses by itself", async () => {
  harness = await startSetup({ bitbucket: { anonymous: true, publicAccess: false } });
  expect(String(await rejection(harness.run()))).toMatch(/not expired and not revoked/);
  expect(writesOf(harness.port)).toEqual([]);
});
