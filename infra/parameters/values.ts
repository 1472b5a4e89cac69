import * as z from "zod/mini";
import { wholeNumber } from "../../lib/config/values.ts";

/** A text that has to be set. */
export function notEmpty() {
  return z.string("is not set");
}

/** A text of a form. */
export function matching(pattern: RegExp, fault: string) {
  return notEmpty().check(z.regex(pattern, fault));
}

/** One of a few texts. */
export function oneOf(...values: string[]) {
  return notEmpty().check(z.refine((value) => values.includes(value), `is none of ${values.join(", ")}`));
}

/** A whole number that has to be set. */
export function count(least: number, most: number) {
  return z.pipe(notEmpty(), wholeNumber(least, most));
}

/** A comma-separated list; empty when not set. */
export function list(item: RegExp, fault: string) {
  const split = (value: string) => value.split(",").map((each) => each.trim());
  return z._default(
    z.pipe(
      z.string().check(z.refine((value) => split(value).every((each) => item.test(each)), fault)),
      z.transform(split),
    ),
    [],
  );
}
