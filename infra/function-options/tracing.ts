import { functionKeys, type Resource } from "../template.ts";
import { policy } from "./policy.ts";

/** X-Ray has no resources to name. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
export function tracingPolicy(): Resource {
  const actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
  return policy("tracing", functionKeys, [{ Effect: "Allow", Action: actions, Resource: "*" }]);
}
