import { loadDotEnv } from "../config/dot-env.ts";
import { map } from "./map-run.ts";
import { runCommand } from "./run.ts";

const usage = `npm run map -- [FILE…] [options]

Shows what the mapping makes of objects of Bitbucket, exactly as live events and backfills do, and what is wrong with it.
Writes nothing anywhere.

  FILE              a delivery's body, a project, repository, pull request or user as Bitbucket shows it, a page of a
                    listing, or a list of any of these; default: a sample delivery, unless there is --from
  --mapping M       default, port-docs or a file (default: MAPPING, else default)
  --from PLACE      reads KEY, KEY/slug or KEY/slug/ID from Bitbucket, with all that the mapping uses of it
  --check           holds what comes out against the blueprints in Port; otherwise it is held against those that setup makes
  --json            a JSON object with all of it as the last line
  --help            this text

Needs no settings; --from needs BITBUCKET_HOST and its credentials, --check needs PORT_CLIENT_ID and PORT_CLIENT_SECRET,
from the environment or .env.
Exits with 0 when nothing is wrong, 1 when something is, 2 for a wrong call.`;

await runCommand(usage, async (args) => {
  loadDotEnv();
  process.env["LOG_LEVEL"] ||= "error";
  return map(args, process.env, (text) => void process.stdout.write(text));
});
