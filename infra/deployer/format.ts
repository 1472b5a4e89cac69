import type { Policy, PolicyStatement } from "../deployer-policy.ts";

const width = 120;

/** A policy as people read it: a statement takes some lines, not one for each action. */
export function formatPolicy({ Version, Statement }: Policy): string {
  return `{
  "Version": ${JSON.stringify(Version)},
  "Statement": [
${Statement.map(formatStatement).join(",\n")}
  ]
}
`;
}

function formatStatement(statement: PolicyStatement): string {
  const lines = Object.entries(statement).map(([name, value]) =>
    name === "Action"
      ? `      "Action": [\n${wrapped(statement.Action)}\n      ]`
      : `      "${name}": ${JSON.stringify(value)}`,
  );
  return `    {\n${lines.join(",\n")}\n    }`;
}

function wrapped(actions: readonly string[]): string {
  const lines: string[] = [];
  for (const [index, action] of actions.entries()) {
    const text = `${JSON.stringify(action)}${index < actions.length - 1 ? "," : ""}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= width)
      lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`        ${text}`);
  }
  return lines.join("\n");
}
