/** Swallows what the product logs. @returns what makes it heard again */
export function quietly(): () => void {
  const { write } = process.stdout;
  const isLogLine = (chunk: unknown) => typeof chunk === "string" && /^\{"(?:level|_aws)":/.test(chunk);
  process.stdout.write = ((chunk: string, ...rest: never[]) =>
    isLogLine(chunk) ? true : write.call(process.stdout, chunk, ...rest)) as typeof write;
  return () => {
    process.stdout.write = write;
  };
}
