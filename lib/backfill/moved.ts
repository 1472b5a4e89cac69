/** A listing shows what is at another address by now: the project was renamed. */
export class MovedError extends Error {
  override name = "MovedError";

  constructor(project: string) {
    super(`project:${project} has another key by now`);
  }
}
