import { addProject } from "./building.ts";
import type { WebhookPayload } from "./json.ts";
import { projectJson } from "./json.ts";
import { findProject, type Project } from "./model.ts";
import { modified, project, type Workshop } from "./mutation-support.ts";
import { forgetProject, projectAddressTaken, rememberProject } from "./old-addresses.ts";
import { refused } from "./refusals.ts";

export type ProjectChange = Partial<Pick<Project, "key" | "name" | "description" | "public">>;
export type ProjectMutators = ReturnType<typeof projectMutators>;

/** Changes to projects. Each returns what Bitbucket would send, which for some is nothing. */
export function projectMutators(workshop: Workshop) {
  const { data } = workshop;

  function checkFree(key: string): void {
    if (findProject(data, key) === undefined) return;
    throw refused(409, `The project key ${key} is taken.`, "project.DuplicateProjectKeyException");
  }

  return {
    createProject(values: { readonly key: string; readonly name: string } & Partial<Project>): Project {
      checkFree(values.key);
      projectAddressTaken(data, values.key);
      return addProject(data, values);
    },

    /** Another name, another key, or both. By its old key it goes on answering, until another takes that. */
    updateProject(key: string, change: ProjectChange): WebhookPayload {
      const target = project(workshop, key);
      const [before, after] = [target.key.toUpperCase(), (change.key ?? target.key).toUpperCase()];
      if (before !== after) checkFree(after);
      const old = projectJson(target, workshop.style());
      data.projects.delete(before);
      if (before !== after) rememberProject(data, before, target);
      Object.assign(target, change);
      projectAddressTaken(data, after);
      data.projects.set(after, target);
      return modified(workshop, "project:modified", old, projectJson(target, workshop.style()));
    },

    /** Bitbucket tells nobody. */
    deleteProject(key: string): void {
      const target = project(workshop, key);
      data.projects.delete(target.key.toUpperCase());
      forgetProject(data, target);
    },
  };
}
