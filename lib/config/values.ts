import * as z from "zod/mini";

/** An address without credentials, query or slash at its end. */
export const httpUrl = z.pipe(
  z.string().check(
    z.trim(),
    z.refine(
      (value) => /^https?:\/\/[^/\s@]+(\/[^@?#]*)?$/i.test(value) && URL.canParse(value),
      "is not an http(s) URL",
    ),
  ),
  z.transform((value: string) => value.replace(/\/+$/, "")),
);
/** Port's hosts are often given without the version. */
export const portUrl = z.pipe(
  httpUrl,
  z.transform((value: string) => (new URL(value).pathname === "/" ? `${value}/v1` : value)),
);
/** A setting without a default. */
export const required = z.string("is not set");

/** A whole number, written in digits. */
export function wholeNumber(least: number, most: number) {
  const fault = `is not a whole number from ${least} to ${most}`;
  return z.pipe(
    z.string().check(z.regex(/^\d{1,6}$/, fault)),
    z.pipe(z.transform(Number), z.number().check(z.gte(least, fault), z.lte(most, fault))),
  );
}

/** `true` or `1`, `false` or `0`. */
export const yesOrNo = z.pipe(
  z.enum(["true", "1", "false", "0"], "is none of true, false, 1, 0"),
  z.transform((value) => value === "true" || value === "1"),
);

/** What a comma-separated setting lists. */
export function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
