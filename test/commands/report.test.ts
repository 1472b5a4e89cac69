import { expect, test } from "vitest";
import { createReport, type Summary } from "../../lib/commands/report.ts";
import { zeroCounts } from "../../lib/sync/counts.ts";

const summary = (overrides: Partial<Summary> = {}): Summary => ({
  counts: zeroCounts(),
  problems: [],
  notes: [],
  calls: { bitbucket: 7, port: 12 },
  seconds: 3,
  dryRun: false,
  ...overrides,
});

test("a summary is a table of what became of each kind, and the calls that it took", () => {
  const counts = zeroCounts();
  counts.repository.seen = 1_234;
  counts["pull-request"].failed = 5;
  const lines = createReport().text(summary({ counts })).split("\n");
  expect(lines).toHaveLength(7);
  expect(lines[0]?.trim().split(/ +/)).toEqual([
    "seen",
    "created",
    "updated",
    "unchanged",
    "older",
    "deleted",
    "withheld",
    "left",
    "failed",
  ]);
  const row = (kind: string) => lines.find((line) => line.startsWith(kind))?.split(/ +/);
  expect(row("repository")?.[1]).toBe("1234");
  expect(row("pull-request")?.at(-1)).toBe("5");
  expect(new Set(lines.slice(0, 5).map((line) => line.length)).size).toBe(1);
  expect(lines.slice(5)).toEqual(["7 calls to Bitbucket, 12 to Port, 3 s", ""]);
});

test("a run that wrote names no identifiers", () => {
  const report = createReport();
  report.add("created", "project", "MOPP");
  expect(report.text(summary())).not.toMatch(/MOPP|Nothing was written/);
});

test("a dry run names what would be, the first twenty of each", () => {
  const report = createReport();
  for (let id = 1; id <= 25; id++) report.add("created", "pull-request", `MOPP/app/${id}`);
  report.add("deleted", "pull-request", "MOPP/app/99");
  const lines = report.text(summary({ dryRun: true })).split("\n");
  const from = lines.indexOf("Nothing was written.");
  expect(lines.slice(from)).toEqual([
    "Nothing was written.",
    "would be pull-request created:",
    ...Array.from({ length: 20 }, (_, index) => `  MOPP/app/${index + 1}`),
    "would be pull-request deleted:",
    "  MOPP/app/99",
    "",
  ]);
});

test("problems are named, the first twenty of them, and the rest is counted", () => {
  const problems = (count: number) =>
    createReport()
      .text(summary({ problems: Array.from({ length: count }, (_, index) => `problem ${index + 1}`) }))
      .split("\n")
      .filter((line) => line.startsWith("! "));
  expect(problems(20)).toHaveLength(20);
  expect(problems(23)).toHaveLength(21);
  expect(problems(23).slice(-2)).toEqual(["! problem 20", "! and 3 more"]);
});
