/** A secret of the stack: what it is for, and its id in Secrets Manager (a name or ARN). */
export interface StackSecret {
  readonly holds: "credentials" | "webhook";
  readonly id: string;
}

/** Says what belongs into a secret, and how it gets there. */
export function whatToPut({ holds, id }: StackSecret): string {
  const put = `aws secretsmanager put-secret-value --secret-id ${id} --secret-string`;
  return holds === "webhook"
    ? `put a long random text, the one that Bitbucket signs its webhooks with: ${put} …`
    : 'put one JSON object of texts, {"PORT_CLIENT_ID": "…", "PORT_CLIENT_SECRET": "…", "BITBUCKET_TOKEN": "…"}: ' +
        `${put} file://credentials.json`;
}
