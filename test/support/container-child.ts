// A container of a function: imports its bundle once, and hands it what its parent sends, as Lambda does.
import { pathToFileURL } from "node:url";

type Handler = (event: unknown, context: object) => Promise<unknown>;
const [bundle = ""] = process.argv.slice(2);
const { handler } = (await import(pathToFileURL(bundle).href)) as { handler: Handler };
const context = { getRemainingTimeInMillis: () => 120_000 };

process.on("message", ({ event }: { event: unknown }) => {
  handler(event, context).then(
    (answer) => process.send?.({ answer }),
    (error: Error) => process.send?.({ errorType: error.name, errorMessage: error.message }),
  );
});
