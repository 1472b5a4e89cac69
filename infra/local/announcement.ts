import type { Stack } from "./stack.ts";

/** Says where everything is. */
export function announce({ settings, secret, bitbucket, port }: Stack, webhook: string): void {
  if (secret === undefined) {
    console.error("WEBHOOK_SECRET is not set: every webhook is refused");
  }
  const sides = [
    `Bitbucket ${settings.realBitbucket ? process.env["BITBUCKET_HOST"] : `simulated at ${bitbucket?.url}`}`,
    `Port ${settings.realPort ? process.env["PORT_API_URL"] || "https://api.getport.io/v1" : `simulated at ${port?.url}`}`,
  ];
  console.log(sides.join(", "));
  console.log(`ready: ${webhook}`);
}
