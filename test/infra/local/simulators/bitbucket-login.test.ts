import { afterEach, describe, expect, it } from "vitest";
import type {
  BitbucketSimulator,
  BitbucketSimulatorOptions,
} from "../../../../infra/local/simulators/bitbucket/server.ts";
import { type Body, basic, bearer, type Client, started } from "./bitbucket-support.ts";

let bitbucket: BitbucketSimulator;
let call: Client;
const start = async (options: BitbucketSimulatorOptions = {}) => {
  ({ bitbucket, call } = await started(options));
};
afterEach(() => bitbucket.close());

const header = async (authorization: string, path = "projects") =>
  (await call("GET", path, undefined, authorization)).headers.get("x-ausername");
const whoAmI = async (authorization: string) => {
  const response = await fetch(`${bitbucket.url}/plugins/servlet/applinks/whoami`, {
    headers: authorization === "" ? {} : { authorization },
  });
  return [response.status, response.headers.get("content-type"), await response.text()];
};
const text = "text/plain;charset=UTF-8";

describe("whose a call is", () => {
  it("is said by every answer to good credentials, and by no other", async () => {
    await start({ contextPath: "/bitbucket" });
    expect([await header(bearer), await header(basic), await header(basic, "projects/NOPE")]).toEqual([
      "admin",
      "admin",
      "admin",
    ]);
    expect([await header(""), await header("Bearer wrong")]).toEqual([null, null]);
    expect(await whoAmI(bearer)).toEqual([200, text, "admin"]);
    expect(await whoAmI("")).toEqual([200, text, ""]);
  });

  it("may be left unsaid for tokens, or for all", async () => {
    await start({ usernameHeader: "basic-only" });
    expect([await header(bearer), await header(basic)]).toEqual([null, "admin"]);
    await bitbucket.close();
    await start({ usernameHeader: "never" });
    expect([await header(bearer), await header(basic)]).toEqual([null, null]);
    expect(await whoAmI(bearer)).toEqual([200, text, "admin"]);
  });
});

describe("once the login has expired", () => {
  const keys = async () => (await call("GET", "projects")).body.values.map(({ key }: Body) => key);

  it("only what is public is there, nobody has an address, and nothing tells", async () => {
    await start();
    expect(await keys()).toEqual(["MOPP", "SHOP"]);
    bitbucket.expireLogin();
    expect(await keys()).toEqual(["SHOP"]);
    expect(await call("GET", "projects/MOPP")).toMatchObject({
      status: 404,
      body: { errors: [{ exceptionName: expect.stringMatching(/NoSuchProjectException$/) }] },
    });
    expect((await call("GET", "users")).status).toBe(401);
    expect((await call("GET", "admin/users", undefined, basic)).status).toBe(401);
    const pull = await call("GET", "projects/SHOP/repos/data-analyses/pull-requests/1");
    const commits = await call("GET", "projects/SHOP/repos/data-analyses/commits");
    expect(JSON.stringify([pull.body, commits.body])).not.toContain("@example.org");
    expect([await header(bearer), ...(await whoAmI(bearer))]).toEqual([null, 200, text, ""]);
    bitbucket.restoreLogin();
    expect([await keys(), await header(bearer)]).toEqual([["MOPP", "SHOP"], "admin"]);
  });

  it("a project shows for the sake of a public repository, with nothing else", async () => {
    await start({ anonymous: true });
    bitbucket.updateRepository("MOPP", "pipeline-tools", { public: true });
    expect(await keys()).toEqual(["MOPP", "SHOP"]);
    const { body } = await call("GET", "projects/MOPP/repos");
    expect(body.values.map(({ slug }: Body) => slug)).toEqual(["pipeline-tools"]);
    expect(await call("GET", "projects/MOPP/repos/data-analyses")).toMatchObject({
      status: 404,
      body: { errors: [{ exceptionName: expect.stringMatching(/NoSuchRepositoryException$/) }] },
    });
  });

  it("what is hidden may be refused instead, and users may be none", async () => {
    await start({ anonymous: true, hidden: "401", anonymousUsers: "empty" });
    expect((await call("GET", "projects/MOPP")).status).toBe(401);
    expect((await call("GET", "users")).body).toMatchObject({ size: 0, isLastPage: true });
    expect((await call("GET", "users/admin")).status).toBe(404);
  });

  it("without public access all is refused", async () => {
    await start({ publicAccess: false });
    bitbucket.expireLogin();
    expect((await call("GET", "projects")).status).toBe(401);
    expect((await call("GET", "application-properties")).status).toBe(200);
  });
});
