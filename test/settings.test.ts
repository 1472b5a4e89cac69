import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readYaml } from "../infra/local/aws/serverless-yaml.ts";
import { parametersSchema } from "../infra/parameters/schema.ts";
import { settingNames } from "../lib/config/parse.ts";
import { projectRoot } from "./support/package-stack.ts";

const read = (name: string) => readFileSync(join(projectRoot, name), "utf8");
const readme = read("README.md");
const operations = read("OPERATIONS.md");
const parameters = Object.keys(parametersSchema.def.shape);

/** Rows of README's table of settings: its names, and the parameters of the same. */
const rows = (/^## Configuration\n(.*?)^## /ms.exec(readme)?.[1] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").slice(1, 4).map(quoted));

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
}

it("every parameter of serverless.yml has its rule, and every rule its parameter", () => {
  const { params } = readYaml(join(projectRoot, "serverless.yml")) as {
    params: { default: Record<string, unknown> };
  };
  // The others are parts of the stack, which `npm start` plays.
  const settable = Object.entries(params.default).filter(([, value]) => typeof value !== "object");
  const all = [...settable.map(([name]) => name), "webhookUrl"];
  expect(all.toSorted()).toEqual(parameters.toSorted());
});

it("README's table and .env.example have the same settings", () => {
  const inTable = rows.flatMap(([names = []]) => names);
  const inFile = [...read(".env.example").matchAll(/^#?([A-Z_0-9]+)=/gm)].map(([, name = ""]) => name);
  // From .env it would come too late.
  expect([...inFile, "NODE_EXTRA_CA_CERTS"].toSorted()).toEqual(
    [
      ...inTable,
      ...rows.flatMap(([, , meaning = []]) => meaning.filter((name) => /^BITBUCKET_(U|P)/.test(name))),
    ].toSorted(),
  );
});

it("README's table names no parameter that there is not", () => {
  const named = rows.flatMap(([, names = []]) => names);
  expect(named.filter((name) => !parameters.includes(name))).toEqual([]);
});

it.each(parameters)("README or OPERATIONS says what %s is for", (name) => {
  const inTable = rows.some(([, names = []]) => names.includes(name));
  const inText = new RegExp(`\`${name}[\`=]|--param ${name}=`).test(operations + readme);
  expect(inTable || inText).toBe(true);
});

/** The variables that the functions get from parameters. */
const passedOn = [
  ...read("serverless.yml").matchAll(/^ {6}([A-Z0-9_]+): \$\{self:custom\.settings\.texts\.(\w+)\}/gm),
].map(([, variable = "", parameter = ""]) => [variable, parameter] as const);

it.each(passedOn)("README's table has %s beside %s, as the functions do", (variable, parameter) => {
  expect(rows.filter(([names]) => names?.includes(variable)).map(([, names]) => names)).toEqual([
    [parameter],
  ]);
});

it.each(passedOn.filter(([variable]) => settingNames.includes(variable)))(
  "npm start takes %s from the environment as %s",
  (variable, parameter) => {
    const { params } = readYaml(join(projectRoot, "serverless.yml")) as {
      params: { local: Record<string, unknown> };
    };
    expect(params.local[parameter]).toBe(`\${env:${variable}, ''}`);
  },
);
