import { personalNotListed } from "../bitbucket/listing-notes.ts";
import { isPersonal, showsPersonalProjects } from "../bitbucket/personal-projects.ts";
import type { BackfillContext } from "./context.ts";

/**
 * Notes that there are personal projects which nobody asked for. A call to Bitbucket, unless the answer is known: who
 * names projects, or wants all personal ones, has chosen; and where some are walked because Port has them, there are.
 * @param keys of the projects of this run
 * @throws AbortError when time is up
 */
export async function notePersonalProjects(keys: readonly string[], context: BackfillContext): Promise<void> {
  const { projects, personalProjects, bitbucket, notes } = context;
  if (personalProjects || projects.length > 0) return;
  if (keys.some(isPersonal) || (await showsPersonalProjects(bitbucket))) notes.push(personalNotListed);
}
