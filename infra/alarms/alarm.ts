import type { Metric } from "./metric.ts";

/** An alarm on one metric, or on a figure that is calculated from several. */
export interface Alarm {
  /** The end of its name; its beginning is the stack's. */
  readonly name: string;
  /** What it means and what to do. */
  readonly description: string;
  readonly metric: Metric | Calculation;
  /** What the figure must not be. */
  readonly when: { readonly above: number } | { readonly below: number };
  /** Length of a period, in seconds. */
  readonly period: number;
  /** Periods that are looked at; default: the last one. */
  readonly periods?: number;
  /** In how many of them the figure has to be so; default: in all. */
  readonly inPeriods?: number;
  /** What a period without any measurement is; default: `fine`. */
  readonly nothing?: "fine" | "alarming";
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export interface Calculation {
  readonly expression: string;
  readonly label: string;
  /** The metrics by their names in the expression. */
  readonly of: Readonly<Record<string, Metric>>;
}

/** The period of alarms that look back on whole runs. */
export const hour = { minutes: 60, seconds: 3600 };
