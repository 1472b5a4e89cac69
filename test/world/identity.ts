import type { User } from "../../infra/local/simulators/bitbucket/model.ts";

/** E-mail address, else slug, else name, with what Port refuses replaced. */
export function identityOf(user: User): string {
  return allowed(user.emailAddress || user.slug || user.name);
}

/** With what Port refuses in identifiers replaced. */
export function allowed(text: string): string {
  return text.replaceAll(/[^\p{L}0-9@_.+:\\/=-]/gu, "_");
}

/** Owner and reviewers are texts: e-mail address, else display name, else name. */
export function shownName(user: User): string {
  return user.emailAddress || user.displayName || user.name;
}
