import { expect, test } from "vitest";
import { explainDelivery } from "../../lib/diagnosis/explain-delivery.ts";

const target = { name: "The webhook", setting: "--url" } as const;
const taken = { isPage: false, redirectsTo: undefined };

test.each([200, 202, 299])("an answer of %i is no fault", (status) => {
  expect(explainDelivery({ ...taken, status }, target)).toBeUndefined();
});

test.each([
  [302, "https://login.example.org", "a redirect to https://login.example.org (302), which Bitbucket"],
  [308, undefined, "a redirect (308), which Bitbucket"],
])("a redirect of %i to %s is told with where it leads", (status, redirectsTo, words) => {
  const said = explainDelivery({ ...taken, status, redirectsTo }, target);
  expect(said).toContain(`--url leads to ${words}`);
  expect(said).toMatch(/with \/webhook at its end\? Tried: POST \(--url\)$/);
});

test.each([
  ["http://api.example.org/webhook", true],
  ["HTTP://api.example.org/webhook", true],
  ["https://api.example.org/webhook", false],
])("whether a redirect from %s may be one to https: %s", (address, may) => {
  const said = explainDelivery({ ...taken, status: 301 }, { ...target, address });
  expect(said?.includes("Or does it say http where it is https?")).toBe(may);
  expect(said).toMatch(new RegExp(`Tried: POST at ${address} \\(--url\\)$`));
});

test.each([
  [403, false, "answers (403), but not as the webhook does"],
  [404, false, "answers (404), but not as the webhook does"],
  [405, false, "answers (405), but not as the webhook does"],
  [404, true, "answers with a page (404), but not as the webhook does"],
  [200, true, "answers with a page (200), but not as the webhook does"],
  [401, true, "answers with a page (401), but not as the webhook does"],
  [503, true, "answers with a page (503), but not as the webhook does"],
  [401, false, "does not take the signature (401): WEBHOOK_SECRET has to be the secret that it knows"],
  [500, false, "cannot take events for now (500): try again later"],
  [503, false, "cannot take events for now (503): try again later"],
  [400, false, "refuses this event (400): the answer says why"],
  [413, false, "refuses this event (413): the answer says why"],
])("%i, as a page: %s, is told as what it is", (status, isPage, words) => {
  expect(explainDelivery({ ...taken, status, isPage }, target)).toContain(words);
});
