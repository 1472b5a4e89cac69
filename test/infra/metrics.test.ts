import { afterAll, beforeAll, expect, test } from "vitest";
import { createClosers } from "../../infra/local/closers.ts";
import { metricUnits } from "../../lib/aws/metrics.ts";
import { packageStack, type Template } from "../support/package-stack.ts";
import { resourcesOf } from "../support/template.ts";

const closers = createClosers();
let template: Template;
beforeAll(async () => {
  ({ template } = await packageStack({ stage: "prod" }, closers));
});
afterAll(() => closers.close());

interface Dashboard {
  readonly widgets: readonly {
    readonly type: string;
    readonly width: number;
    readonly properties: { readonly metrics?: readonly (readonly unknown[])[]; readonly alarms?: string[] };
  }[];
}

/** As CloudWatch gets it, but for the references, which are no JSON of their own. */
function dashboard(): Dashboard {
  const [[, resource] = []] = resourcesOf(template, "AWS::CloudWatch::Dashboard");
  return JSON.parse(resource?.Properties["DashboardBody"]["Fn::Sub"]) as Dashboard;
}

const namespace = "BitbucketPortSync";
const functionNames = ["webhook", "consumer", "backfill", "resync", "setup"].map(
  (key) => `bitbucket-port-sync-prod-${key}`,
);
const queueNames = () =>
  resourcesOf(template, "AWS::SQS::Queue").map(([, { Properties }]) => Properties["QueueName"]);

test("alarms and dashboard look at metrics that the functions emit, by the dimension that they emit", () => {
  const lines = dashboard().widgets.flatMap(({ properties }) => properties.metrics ?? []);
  const drawn = lines.filter(([space]) => space === namespace);
  for (const [, name, dimension, value] of drawn) {
    expect(Object.keys(metricUnits)).toContain(name);
    expect([dimension, functionNames.includes(String(value))]).toEqual(["FunctionName", true]);
  }
  const watched = resourcesOf(template, "AWS::CloudWatch::Alarm")
    .map(([, { Properties }]) => Properties)
    .filter(({ Namespace }) => Namespace === namespace);
  for (const { MetricName, Dimensions } of watched) {
    expect(Object.keys(metricUnits)).toContain(MetricName);
    expect(Dimensions).toEqual([
      { Name: "FunctionName", Value: { Ref: expect.stringMatching(/LambdaFunction$/) } },
    ]);
  }
  expect([drawn.length, watched.length].every((count) => count > 0)).toBe(true);
});

test("the dashboard shows every function, every queue and every alarm of this stack", () => {
  const { widgets } = dashboard();
  const lines = widgets.flatMap(({ properties }) => properties.metrics ?? []);
  const shown = (dimension: string) =>
    new Set(lines.filter((line) => line[2] === dimension).map((line) => line[3]));
  expect([...shown("FunctionName")].toSorted()).toEqual(functionNames.toSorted());
  expect([...shown("QueueName")].toSorted()).toEqual(queueNames().toSorted());
  const alarms = widgets.flatMap(({ properties }) => properties.alarms ?? []);
  const ids = resourcesOf(template, "AWS::CloudWatch::Alarm").map(([id]) => `\${${id}.Arn}`);
  expect(alarms.toSorted()).toEqual(ids.toSorted());
});

test("the dashboard's texts refer to nothing that the stack does not have", () => {
  const [[, resource] = []] = resourcesOf(template, "AWS::CloudWatch::Dashboard");
  const text: string = resource?.Properties["DashboardBody"]["Fn::Sub"];
  const references = [...text.matchAll(/\$\{([^}]+)\}/g)].map(([, name = ""]) => name);
  for (const name of references) {
    if (name !== "AWS::Region") expect(Object.keys(template.Resources)).toContain(name.split(".")[0]);
  }
  expect(references.length).toBeGreaterThan(0);
});
