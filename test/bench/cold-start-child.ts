// A container that starts: imports the bundle that it is given and hands it the event that it is given.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Times in ms since the import began. */
export interface ColdStart {
  readonly importedMs: number;
  readonly acknowledgedMs: number;
  readonly status: number;
}

const [bundle = "", eventFile = ""] = process.argv.slice(2);
const event = JSON.parse(readFileSync(eventFile, "utf8")) as object;
const url = pathToFileURL(bundle).href;

const begun = performance.now();
const { handler } = (await import(url)) as { handler: (event: object) => Promise<{ statusCode: number }> };
const imported = performance.now();
const answer = await handler(event);
const acknowledged = performance.now();

const result: ColdStart = {
  importedMs: imported - begun,
  acknowledgedMs: acknowledged - begun,
  status: answer.statusCode,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit());
