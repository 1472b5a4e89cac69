import { isPersonal } from "../bitbucket/personal-projects.ts";
import type { BackfillContext } from "./context.ts";

/** Whether a project is one of those that are wanted, its key in either case. */
export function isWanted(
  key: string,
  { projects, personalProjects }: Pick<BackfillContext, "projects" | "personalProjects">,
): boolean {
  if (projects.length === 0 || (personalProjects && isPersonal(key))) return true;
  return projects.some((wanted) => wanted.toLowerCase() === key.toLowerCase());
}
