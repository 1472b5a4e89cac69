import { expect, test } from "vitest";
import { setupText } from "../../lib/commands/setup-report.ts";
import { noBlueprints, noWebhooks, type SetupSummary } from "../../lib/setup/summary.ts";

const summary = (overrides: Partial<SetupSummary> = {}): SetupSummary => ({
  ok: true,
  blueprints: { ...noBlueprints(), created: 3, extended: 1 },
  webhooks: { level: "repository", ...noWebhooks(), created: 2, updated: 4 },
  ...overrides,
});

test("a setup tells what it did on both sides", () => {
  expect(setupText(summary(), false, false)).toBe(
    "blueprints in Port: 3 created, 1 extended, 0 unchanged\n" +
      "webhooks in Bitbucket, one per repository: 2 created, 4 updated, 0 removed, 0 unchanged\n",
  );
});

test("taking webhooks away has nothing to tell of blueprints", () => {
  const text = setupText(
    summary({ webhooks: { level: "project", ...noWebhooks(), removed: 6 } }),
    false,
    true,
  );
  expect(text).toBe("webhooks in Bitbucket, one per project: 0 created, 0 updated, 6 removed, 0 unchanged\n");
});

test("a dry run says that nothing was written", () => {
  expect(setupText(summary(), true, false).split("\n")[2]).toBe(
    "Nothing was written: this is what would be.",
  );
});

test("where there is no Bitbucket there is nothing to tell of webhooks", () => {
  const text = setupText(summary({ webhooks: { level: null, ...noWebhooks() } }), false, false);
  expect(text).toBe("blueprints in Port: 3 created, 1 extended, 0 unchanged\n");
});

test("conflicts are told apart from failures, and only fifty failures are named", () => {
  const failed = Array.from({ length: 52 }, (_, index) => `project:P${index + 1}: refused`);
  const blueprints = { ...noBlueprints(), conflicts: ["bitbucketProject.link is of type object"] };
  const webhooks = { level: "project", ...noWebhooks(), failed } as const;
  const lines = setupText({ ok: false, blueprints, webhooks }, false, false).split("\n");
  expect(lines[2]).toBe(
    "? bitbucketProject.link is of type object: left, but what does not fit it will be refused",
  );
  expect(lines.filter((line) => line.startsWith("! "))).toHaveLength(51);
  expect(lines.slice(-3)).toEqual(["! project:P50: refused", "! and 2 more", ""]);
  const few = setupText(summary({ webhooks: { ...webhooks, failed: failed.slice(0, 50) } }), false, false);
  expect(few).not.toContain("more");
});
