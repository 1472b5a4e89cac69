/** Filled in by CloudFormation, to which the whole dashboard is one text. */
const region = "$" + "{AWS::Region}";

/** A line of a graph: namespace, metric, its dimension's name and value, and how it is shown. */
export type Line = readonly [string, string, string, string, Rendering];

export interface Rendering {
  readonly stat: "Sum" | "Maximum" | "p50" | "p90" | "p99";
  readonly label: string;
  /** Numbers of another order of magnitude have the scale at the right. */
  readonly yAxis?: "right";
}

export interface Widget {
  readonly type: "metric" | "text" | "alarm";
  readonly width: number;
  readonly height: number;
  readonly properties: object;
}

/** Two beside each other: a dashboard is 24 wide. */
const half = { width: 12, height: 6 };

/** Lines over time. @param unit what the left scale counts */
export function graph(title: string, unit: string, metrics: readonly Line[]): Widget {
  const yAxis = { left: { min: 0, label: unit, showUnits: false } };
  return {
    type: "metric",
    ...half,
    properties: { title, metrics, region, view: "timeSeries", period: 300, yAxis },
  };
}

/** Words. */
export function text(markdown: string): Widget {
  return { type: "text", ...half, properties: { markdown } };
}

/** @param alarms their ARNs */
export function alarmStates(title: string, alarms: readonly string[]): Widget {
  return { type: "alarm", ...half, properties: { title, alarms } };
}
