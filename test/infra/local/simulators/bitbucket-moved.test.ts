import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BitbucketSimulator, Moved } from "../../../../infra/local/simulators/bitbucket/server.ts";
import { type Body, type Client, started } from "./bitbucket-support.ts";

let bitbucket: BitbucketSimulator;
let call: Client;
beforeEach(async () => {
  ({ bitbucket, call } = await started());
});
afterEach(() => bitbucket.close());

const exception = ({ body }: { body: Body }) => body.errors[0].exceptionName;
const old = "projects/MOPP/repos/data-analyses";
const beneath = ["", "/pull-requests", "/pull-requests/1", "/commits", "/raw/README.md", "/browse/README.md"];

function set(moved: Moved) {
  bitbucket.setMoved(moved);
  bitbucket.renameRepository("MOPP", "data-analyses", "analyses");
}

describe("the old address of a renamed repository, and all beneath it,", () => {
  it.each(beneath)("is not there, unless told otherwise: %s", async (path) => {
    set("404");
    const reply = await call("GET", old + path);
    expect([reply.status, exception(reply)]).toEqual([
      404,
      "com.atlassian.bitbucket.repository.NoSuchRepositoryException",
    ]);
  });

  it.each(beneath)("answers with what it has become: %s", async (path) => {
    set("follow");
    expect(await call("GET", old + path)).toMatchObject({ status: 200 });
    expect((await call("GET", old)).body.slug).toBe("analyses");
    const { body } = await call("GET", `${old}/pull-requests/1`);
    expect(body.toRef.repository.slug).toBe("analyses");
  });

  it.each(beneath)("redirects to the REST address of today: %s", async (path) => {
    set("302");
    const { status, headers } = await raw(`${old}${path}?limit=1&at=a%2Fb`);
    const today = `${bitbucket.url}/rest/api/1.0/projects/MOPP/repos/analyses${path}?limit=1&at=a%2Fb`;
    expect([status, headers.get("location")]).toEqual([302, today]);
  });

  it("redirects to the web page of today", async () => {
    set("302-web");
    const location = async (path: string) => (await raw(old + path)).headers.get("location");
    const today = `${bitbucket.url}/projects/MOPP/repos/analyses`;
    expect(await location("")).toBe(`${today}/browse`);
    expect(await location("/pull-requests/1")).toBe(`${today}/pull-requests/1`);
  });

  it.each(beneath)("says that it has moved: %s", async (path) => {
    set("500");
    const reply = await call("GET", old + path);
    expect([reply.status, exception(reply)]).toEqual([
      500,
      "com.atlassian.bitbucket.repository.RepositoryMovedException",
    ]);
  });
});

describe("old addresses", () => {
  const slugAt = async (path: string) => (await call("GET", path)).body.slug;
  beforeEach(() => bitbucket.setMoved("follow"));

  it("lead on after two renames and a move", async () => {
    bitbucket.renameRepository("MOPP", "data-analyses", "one");
    bitbucket.renameRepository("MOPP", "one", "two");
    bitbucket.moveRepository("MOPP", "two", "SHOP");
    for (const slug of ["data-analyses", "one", "two"])
      expect((await call("GET", `projects/MOPP/repos/${slug}`)).body).toMatchObject({
        slug: "two",
        project: { key: "SHOP" },
      });
  });

  it("are its own again when it is renamed back", async () => {
    bitbucket.renameRepository("MOPP", "data-analyses", "one");
    bitbucket.renameRepository("MOPP", "one", "data analyses");
    bitbucket.setMoved("500");
    expect((await call("GET", old)).status).toBe(200);
    expect((await call("GET", "projects/MOPP/repos/one")).status).toBe(500);
  });

  it("are none when only upper and lower case change", async () => {
    bitbucket.setMoved("500");
    bitbucket.renameRepository("MOPP", "data-analyses", "Data-Analyses");
    bitbucket.updateProject("MOPP", { key: "Mopp" });
    expect((await call("GET", old)).body).toMatchObject({ name: "Data-Analyses", project: { key: "Mopp" } });
  });

  it("are lost to whoever takes them over, and to a deletion", async () => {
    bitbucket.renameRepository("MOPP", "data-analyses", "docs-old");
    bitbucket.renameRepository("MOPP", "pipeline-tools", "data-analyses");
    expect((await call("GET", old)).body.name).toBe("data-analyses");
    expect(await slugAt("projects/MOPP/repos/pipeline-tools")).toBe("data-analyses");
    bitbucket.deleteRepository("MOPP", "data-analyses");
    expect((await call("GET", "projects/MOPP/repos/pipeline-tools")).status).toBe(404);
    expect((await call("GET", old)).status).toBe(404);
  });

  it("of a project lead to the project, and to all that lies in it", async () => {
    bitbucket.updateProject("MOPP", { key: "MINE" });
    bitbucket.renameRepository("MINE", "data-analyses", "analyses");
    for (const path of [old, "projects/MINE/repos/data-analyses"])
      expect(await slugAt(path)).toBe("analyses");
    expect((await call("GET", "projects/MOPP/repos")).body.size).toBe(2);
    bitbucket.setMoved("500");
    expect(exception(await call("GET", old))).toMatch(/project\.ProjectMovedException$/);
    bitbucket.setMoved("302");
    expect((await raw("projects/MOPP/repos")).headers.get("location")).toMatch(/1.0\/projects\/MINE\/repos$/);
    bitbucket.setMoved("302-web");
    expect((await raw("projects/MOPP")).headers.get("location")).toBe(`${bitbucket.url}/projects/MINE`);
    bitbucket.createProject({ key: "MOPP", name: "Another" });
    expect((await call("GET", "projects/MOPP")).body.name).toBe("Another");
    bitbucket.deleteProject("MINE");
    expect((await call("GET", "projects/MINE")).status).toBe(404);
  });
});

describe("names", () => {
  it("that are taken are refused", () => {
    for (const change of [
      () => bitbucket.renameRepository("MOPP", "data-analyses", "pipeline tools"),
      () => bitbucket.moveRepository("MOPP", "data-analyses", "SHOP"),
      () => bitbucket.createRepository("MOPP", { name: "data analyses" }),
      () => bitbucket.updateProject("MOPP", { key: "shop" }),
      () => bitbucket.createProject({ key: "MOPP", name: "Again" }),
    ])
      expect(change).toThrow(/is taken/);
    expect(bitbucket.data.projects.get("MOPP")?.repositories.size).toBe(2);
  });

  it("may be given anew, to something else that counts from 1", async () => {
    const { id } = (await call("GET", old)).body;
    bitbucket.deleteRepository("MOPP", "data-analyses");
    bitbucket.createRepository("MOPP", { name: "data analyses" });
    expect(bitbucket.createPullRequest("MOPP", "data-analyses")).toMatchObject({ pullRequest: { id: 1 } });
    expect((await call("GET", old)).body.id).toBeGreaterThan(id);
  });
});

function raw(path: string): Promise<Response> {
  const headers = { authorization: "Bearer demo-access-token" };
  return fetch(`${bitbucket.url}/rest/api/1.0/${path}`, { headers, redirect: "manual" });
}
