import { afterEach, beforeEach, expect, it } from "vitest";
import {
  type BitbucketSimulator,
  foreign,
  startBitbucketSimulator,
} from "../../../../infra/local/simulators/bitbucket/server.ts";
import { type Body, type Client, started } from "./bitbucket-support.ts";

let bitbucket: BitbucketSimulator;
let call: Client;
beforeEach(async () => {
  ({ bitbucket, call } = await started());
});
afterEach(() => bitbucket.close());

const exception = ({ body }: { body: Body }) => body.errors[0].exceptionName;
const person = (slug: string) => call("GET", `users/${slug}`);
const author = async () =>
  (await call("GET", "projects/MOPP/repos/data-analyses/pull-requests/1")).body.author.user;
const listed = async () => (await call("GET", "users")).body.values.map(({ slug }: Body) => slug);

it("a user who was deleted is not found or listed, and is still named", async () => {
  expect((await person("ada.birch")).body.displayName).toBe("Ada Birch");
  bitbucket.deleteUser("ada.birch");
  const reply = await person("ada.birch");
  expect([reply.status, exception(reply)]).toEqual([404, "com.atlassian.bitbucket.user.NoSuchUserException"]);
  expect(await listed()).not.toContain("ada.birch");
  expect(await author()).toMatchObject({
    slug: "ada.birch",
    active: false,
    emailAddress: "ada.birch@example.org",
  });
  const { body } = await call("GET", "projects/MOPP/repos/data-analyses/commits");
  expect(body.values[1].author).toMatchObject({ slug: "ada.birch" });
});

it("a user may be deleted together with the address", async () => {
  bitbucket.deleteUser("ada.birch", { keepsEmail: false });
  expect(await author()).not.toHaveProperty("emailAddress");
});

it("a user who was erased is nobody that one could know", async () => {
  bitbucket.eraseUser("ada.birch");
  const { slug, name, displayName, emailAddress } = await author();
  expect([name, displayName, emailAddress]).toEqual([slug, slug, undefined]);
  expect(slug).toMatch(/^user-[0-9a-f]{8}$/);
  expect((await person(slug)).status).toBe(404);
});

it("a user may get another name, and with it another personal project", async () => {
  bitbucket.setMoved("500");
  bitbucket.renameUser("ada.birch", "Ada.Oak");
  expect((await person("ada.oak")).body).toMatchObject({ name: "Ada.Oak", slug: "ada.oak" });
  expect((await person("ada.birch")).status).toBe(404);
  expect((await call("GET", "projects/~ada.oak")).status).toBe(200);
  expect(exception(await call("GET", "projects/~ada.birch"))).toMatch(/ProjectMovedException$/);
  expect(() => bitbucket.renameUser("ada.oak", "admin")).toThrow(/is taken/);
});

it("a user may get another address, or none", async () => {
  bitbucket.changeEmail("ada.birch", "ada@example.org");
  expect((await person("ada.birch")).body.emailAddress).toBe("ada@example.org");
  bitbucket.changeEmail("ada.birch", undefined);
  expect((await person("ada.birch")).body).not.toHaveProperty("emailAddress");
});

it("what lies in a personal project links to where its owner lives", async () => {
  bitbucket.createPullRequest("~ada.birch", "data-analyses");
  const home = `${bitbucket.url}/users/ada.birch`;
  const link = async (path: string) => (await call("GET", path)).body.links.self[0].href;
  for (const key of ["~ADA.BIRCH", "~ada.birch"]) {
    expect(await link(`projects/${key}`)).toBe(home);
    const repository = `projects/${key}/repos/data-analyses`;
    expect(await link(repository)).toBe(`${home}/repos/data-analyses/browse`);
    expect(await link(`${repository}/pull-requests/1`)).toBe(`${home}/repos/data-analyses/pull-requests/1`);
  }
});

it("a 404 may be a proxy's, the framework's, or name nothing", async () => {
  const path = "projects/MOPP/repos/data-analyses";
  for (const [name, answer] of Object.entries(foreign)) {
    bitbucket.setIntercept(() => answer);
    const reply = await fetch(`${bitbucket.url}/rest/api/1.0/${path}`, {
      headers: { authorization: "Bearer demo-access-token" },
      redirect: "manual",
    });
    expect([name, reply.status]).toEqual([name, name === "login" ? 302 : 404]);
    expect(reply.headers.has("x-ausername")).toBe(name === "framework" || name === "unnamed");
    expect(await reply.text()).not.toContain("NoSuch");
  }
});

it("reviews and comments change who takes part, and nothing else", async () => {
  await bitbucket.close();
  bitbucket = await startBitbucketSimulator({ reviewsUpdate: false });
  const name = ["MOPP", "data-analyses", 1] as const;
  const pull = bitbucket.data.projects.get("MOPP")?.repositories.get("data-analyses")?.pullRequests.get(1);
  const before = [pull?.version, pull?.updatedDate];
  bitbucket.comment(name, "dev.elm", "why?");
  bitbucket.review(name, "bo.cedar", "APPROVED");
  const unapproved = bitbucket.review(name, "bo.cedar", "NEEDS_WORK");
  expect([pull?.version, pull?.updatedDate]).toEqual(before);
  expect(pull?.participants.map(({ user }) => user.slug)).toEqual(["dev.elm"]);
  expect(unapproved).toMatchObject({ previousStatus: "APPROVED", pullRequest: { updatedDate: before[1] } });
});

it("a page shows what is there when it is asked for, whatever was on the one before", async () => {
  const page = async (start: number) =>
    (await call("GET", `projects/SHOP/repos?limit=1&start=${start}`)).body.values.map(
      ({ slug }: Body) => slug,
    );
  expect(await page(0)).toEqual(["data-analyses"]);
  bitbucket.deleteRepository("SHOP", "data-analyses");
  expect(await page(1)).toEqual(["drawing-board"]);
});
