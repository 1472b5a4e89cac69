import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { emitMetrics, type MetricName, metricUnits } from "../../lib/aws/metrics.ts";
import { linesOf } from "../support/output.ts";

describe("metrics", () => {
  beforeEach(() => void vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "sync-prod-webhook"));
  afterEach(() => void vi.unstubAllEnvs());

  it("are one line in CloudWatch's embedded format", () => {
    const lines = linesOf(() => emitMetrics({ received: 3, lag: [120, 0] }));
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "BitbucketPortSync",
              Dimensions: [["FunctionName"]],
              Metrics: [
                { Name: "received", Unit: "Count" },
                { Name: "lag", Unit: "Milliseconds" },
              ],
            },
          ],
        },
        FunctionName: "sync-prod-webhook",
        received: 3,
        lag: [120, 0],
      },
    ]);
  });

  it("leave out what did not happen", () => {
    const [line] = linesOf(() => emitMetrics({ upserted: 1, deleted: 0, lag: [] }));
    expect(line).toMatchObject({ upserted: 1 });
    expect(Object.keys(line ?? {})).toEqual(["_aws", "FunctionName", "upserted"]);
  });

  it("are not written when nothing happened", () => {
    expect(linesOf(() => emitMetrics({ upserted: 0, lag: [] }))).toEqual([]);
    expect(linesOf(() => emitMetrics({}))).toEqual([]);
  });

  it("have a value for every name that they declare", () => {
    const names = Object.keys(metricUnits) as MetricName[];
    const all = Object.fromEntries(names.map((name, index) => [name, index + 1]));
    const [line] = linesOf(() => emitMetrics(all));
    expect(line).toMatchObject(all);
  });
});
