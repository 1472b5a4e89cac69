import { describe, expect, it } from "vitest";
import { isOurs, planWebhooks } from "../../lib/bitbucket/webhook-plan.ts";
import type { Webhook } from "../../lib/bitbucket/webhooks.ts";

const wanted = { name: "ours", url: "https://hooks.example.org/webhook", events: ["a", "b"] };
function webhook(id: number, values: Partial<Webhook> = {}): Webhook {
  return {
    ...wanted,
    id,
    events: ["b", "a"],
    active: true,
    sslVerificationRequired: true,
    configuration: {},
    ...values,
  };
}

describe("the plan for one project or repository", () => {
  it("creates where there is none", () => {
    expect(planWebhooks([], wanted)).toEqual({ write: "create", remove: [] });
  });

  it("leaves one alone that is as wanted, whatever the order of its events", () => {
    expect(planWebhooks([webhook(1)], wanted)).toEqual({ remove: [] });
  });

  it("leaves one alone that an older Bitbucket does not show in full", () => {
    const sparse = webhook(1, { active: undefined, sslVerificationRequired: undefined });
    expect(planWebhooks([sparse], wanted)).toEqual({ remove: [] });
  });

  it("leaves one alone that does not verify certificates, as somebody wanted it", () => {
    expect(planWebhooks([webhook(1, { sslVerificationRequired: false })], wanted)).toEqual({ remove: [] });
  });

  it.each<Partial<Webhook>>([
    { name: "" },
    { events: ["a"] },
    { events: ["a", "b", "c"] },
    { events: ["a", "c"] },
    { active: false },
  ])("brings one up to date that has %j", (values) => {
    const update = webhook(1, values);
    expect(planWebhooks([update], wanted)).toEqual({ write: { update }, remove: [] });
  });

  it("writes one anew when the secret rotates", () => {
    expect(planWebhooks([webhook(1)], wanted, true)).toEqual({ write: { update: webhook(1) }, remove: [] });
  });

  it("keeps the best of several, else the first", () => {
    const [old, good, alsoGood] = [webhook(1, { name: "" }), webhook(2), webhook(3)];
    expect(planWebhooks([old, good, alsoGood], wanted)).toEqual({ remove: [old, alsoGood] });
    const other = webhook(4, { active: false });
    expect(planWebhooks([old, other], wanted)).toEqual({ write: { update: old }, remove: [other] });
  });

  it("removes all where none is wanted", () => {
    expect(planWebhooks([webhook(1), webhook(2)], undefined)).toEqual({ remove: [webhook(1), webhook(2)] });
  });
});

describe("ours is what leads to our address", () => {
  it.each<[string, boolean]>([
    [wanted.url, true],
    ["HTTPS://HOOKS.example.org:443/webhook", true],
    ["https://hooks.example.org/webhook/", false],
    ["https://hooks.example.org/webhook?x=1", false],
    ["https://hooks.example.org/other", false],
    ["http://hooks.example.org/webhook", false],
    ["https://hooks.example.org.evil.example/webhook", false],
    ["nonsense", false],
    ["", false],
  ])("%s: %s", (url, expected) => {
    expect(isOurs({ url }, wanted.url)).toBe(expected);
  });
});
