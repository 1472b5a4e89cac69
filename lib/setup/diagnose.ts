import type { Page } from "../bitbucket/client.ts";
import { personalNotListed, usersNotListed } from "../bitbucket/listing-notes.ts";
import { showsPersonalProjects } from "../bitbucket/personal-projects.ts";
import { explain } from "../diagnosis/explain.ts";
import { makeContact } from "../diagnosis/first-contact.ts";
import { ConfigError, isDenied } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { PortSide, SetupContext } from "./context.ts";
import { checkFileAccess } from "./file-access.ts";
import { listProjects, type ProjectKeys } from "./projects.ts";
import type { SetupRequest } from "./request.ts";
import { readWebhookSupport, type WebhookSupport } from "./webhook-support.ts";

const subject = "Setup cannot begin";

/** What was found out before anything is written. */
export interface Diagnosis extends WebhookSupport {
  readonly projects: ProjectKeys;
  /** What Port has, by identifier. */
  readonly blueprints: ReadonlyMap<string, JsonObject | undefined>;
}

/**
 * Looks at both sides, writing nothing.
 * @throws ConfigError with a sentence for each side on which nothing can be done, and what to do about it
 */
export async function diagnose(request: SetupRequest, context: SetupContext): Promise<Diagnosis> {
  const { remove } = request;
  const asked = { bitbucket: context.bitbucket, port: remove ? undefined : context.port };
  const firstProjects = await makeContact(subject, asked, context.tell);
  const [bitbucket, port] = await Promise.allSettled([
    checkBitbucket(request, firstProjects, context),
    remove ? new Map() : checkPort(context),
  ]);
  if (bitbucket.status === "fulfilled" && port.status === "fulfilled") {
    return { ...bitbucket.value, blueprints: port.value };
  }
  const reasons = [bitbucket, port].flatMap((side) => (side.status === "rejected" ? [side.reason] : []));
  throw new ConfigError(
    subject,
    reasons.flatMap((reason) => (reason instanceof ConfigError ? reason.faults : [explain(reason, context)])),
  );
}

async function checkBitbucket(
  { remove, rotate }: SetupRequest,
  first: Page | undefined,
  context: SetupContext,
) {
  const { bitbucket, tell } = context;
  const found = await readWebhookSupport(context);
  const projects = await listProjects(context, first);
  if (projects.keys.length === 0 && projects.failed.length === 0) {
    tell(
      "Bitbucket shows no project to these credentials: they need at least read permission on the projects",
    );
  }
  if (remove) return { ...found, projects };
  if (!(await mayListUsers(context))) tell(usersNotListed);
  if (context.readsFiles && !rotate) await checkFileAccess(projects.keys, context);
  // Who names projects, or wants all personal ones, has chosen; a rotation is about secrets, and looks twice.
  const hasChosen = context.personalProjects || context.projects.length > 0;
  if (!hasChosen && !rotate && (await showsPersonalProjects(bitbucket))) tell(personalNotListed);
  return { ...found, projects };
}

async function mayListUsers({ bitbucket }: SetupContext): Promise<boolean> {
  try {
    await bitbucket.send({ method: "GET", path: "users?limit=1", operation: "GET users" });
    return true;
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  }
}

/** The blueprints that Port has, by identifier; undefined for each that it lacks. @throws RequestError */
export async function checkPort({ port, blueprints }: PortSide) {
  const found = new Map<string, JsonObject | undefined>();
  for (const { identifier } of blueprints) found.set(identifier, await port.read(identifier));
  return found;
}
