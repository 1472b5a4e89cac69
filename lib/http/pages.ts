import { RequestError, type Service } from "../errors.ts";

/** So many pages in a row without anything on them end no listing. */
const mostEmptyPages = 500;

/** Told of each page that is not the last one: where the next one starts, and how much this one has brought. */
export type PageWatch = (next: string | number, found: number) => void;

/**
 * Sees to it that a listing comes to its end, whatever the service says.
 * @returns what throws RequestError when pages go in a circle, or bring nothing over and over
 */
export function createPageWatch(service: Service, operation: string): PageWatch {
  const seen = new Set<string | number>();
  let empty = 0;

  return (next, found) => {
    empty = found > 0 ? 0 : empty + 1;
    if (!seen.has(next) && empty < mostEmptyPages) {
      seen.add(next);
      return;
    }
    const failure = { service, operation, status: 200, code: "endless_pages" };
    throw new RequestError(failure, "its pages do not come to an end");
  };
}
