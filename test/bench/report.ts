import { type Figure, isMet } from "./benchmark.ts";

/** What each benchmark that ran has measured, by the benchmark's name. */
export type Report = ReadonlyMap<string, readonly Figure[]>;

export function isAllMet(report: Report): boolean {
  return ![...report.values()].flat().some((figure) => isMet(figure) === false);
}

/** The report as a table for people. */
export function table(report: Report): string {
  const rows = [...report].flatMap(([benchmark, figures]) =>
    figures.map((figure) => [
      `${benchmark}: ${figure.what}`,
      `${rounded(figure.value)} ${figure.unit}`.trim(),
      target(figure),
      { true: "yes", false: "NO", undefined: "" }[`${isMet(figure)}`] ?? "",
    ]),
  );
  const all = [["what", "figure", "target", "met?"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The report as one line of JSON. */
export function jsonLine(report: Report, seconds: number): string {
  const figures = Object.fromEntries(
    [...report].map(([benchmark, measured]) => [
      benchmark,
      Object.fromEntries(
        measured.map((figure) => [
          figure.name,
          { value: rounded(figure.value), unit: figure.unit, ...figure.target, met: isMet(figure) },
        ]),
      ),
    ]),
  );
  return JSON.stringify({ ok: isAllMet(report), node: process.version, seconds: rounded(seconds), figures });
}

function target({ target }: Figure): string {
  if (target === undefined) return "";
  return "atMost" in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
}

/** Two decimals; more would be noise. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
