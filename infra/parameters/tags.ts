/** A tag as every service takes it; `aws:` is AWS's own. @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export const tagForm = /^(?!aws:)[\p{L}\p{N} _.:/+\-@]{1,128}=[\p{L}\p{N} _.:/=+\-@]{0,256}$/iu;
/** AWS takes 50; two are the stack's own. */
const most = 48;
const own = ["service", "stage"];

/** What is wrong with tags that are well formed, each `key=value`. */
export function tagFaults(tags: readonly string[]): string[] {
  // IAM does not tell upper from lower case in the keys of a role's tags.
  const keys = tags.map((tag) => keyOf(tag).toLowerCase());
  const taken = keys.filter((key) => own.includes(key));
  return [
    ...(tags.length > most ? [`tags has more than ${most} of them`] : []),
    ...taken.map((key) => `tags sets ${key}, which is the stack's own`),
    ...(new Set(keys).size < keys.length ? ["tags has a key twice"] : []),
  ];
}

/** Tags by their keys. */
export function tagsByKey(tags: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map((tag) => [keyOf(tag), tag.slice(tag.indexOf("=") + 1)]));
}

function keyOf(tag: string): string {
  return tag.slice(0, tag.indexOf("="));
}
