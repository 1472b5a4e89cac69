/** Reads off the functions' own metrics who called which side how often. */
export interface ConsumerCalls {
  readonly read: (line: string) => void;
  readonly counts: ReadonlyMap<string, number>;
}

export function createConsumerCalls(): ConsumerCalls {
  const counts = new Map<string, number>();
  return {
    counts,
    read(line) {
      const metrics = line.startsWith('{"_aws"') ? (JSON.parse(line) as Record<string, unknown>) : {};
      const functionName = String(metrics["FunctionName"] ?? "");
      const name = functionName.split("-").at(-1) ?? "";
      for (const [side, calls] of [
        ["port", metrics["portCalls"]],
        ["bitbucket", metrics["bitbucketCalls"]],
      ] as const)
        if (typeof calls === "number")
          counts.set(`${name} to ${side}`, (counts.get(`${name} to ${side}`) ?? 0) + calls);
    },
  };
}
