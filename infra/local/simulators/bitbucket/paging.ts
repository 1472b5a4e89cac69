import type { Answer } from "../http.ts";
import { type Context, ok } from "./context.ts";
import { badRequest } from "./refusals.ts";

/** The page that a call asks for: `start`, and `limit` no larger than the cap. */
export function asked({ request }: Context, cap: number, standard = 25): { start: number; limit: number } {
  const start = wholeNumber(request.search, "start", 0, 0);
  const limit = wholeNumber(request.search, "limit", standard, 1);
  return { start, limit: Math.min(limit, cap) };
}

/** One page of all items. With gaps, every other row is one that the caller may not see. */
export function page<Item>(
  context: Context,
  items: readonly Item[],
  show: (item: Item) => unknown,
  cap = context.settings.pageCap,
): Answer {
  const { pageGaps } = context.settings;
  const { start, limit } = asked(context, cap);
  const rowsPerItem = pageGaps ? 2 : 1;
  const first = Math.ceil(start / rowsPerItem);
  const shown = items.slice(first, first + limit);
  const isLastPage = first + limit >= items.length;
  const next = isLastPage ? {} : { nextPageStart: (first + limit) * rowsPerItem };
  return ok({ size: shown.length, limit, isLastPage, values: shown.map(show), start, ...next });
}

function wholeNumber(search: URLSearchParams, name: string, standard: number, least: number): number {
  const text = search.get(name);
  const value = text === null ? standard : Number(text);
  if (!Number.isInteger(value) || value < least)
    throw badRequest(`${name} must be a number of at least ${least}`, name);
  return value;
}
