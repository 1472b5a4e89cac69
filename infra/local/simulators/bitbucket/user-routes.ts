import type { Answer } from "../http.ts";
import { type Context, ok } from "./context.ts";
import { notPermitted } from "./gate.ts";
import { userJson } from "./json.ts";
import type { User } from "./model.ts";
import { page } from "./paging.ts";
import { refused } from "./refusals.ts";

export function listUsers(context: Context): Answer {
  if (context.login === "anonymous" && context.settings.anonymousUsers === "401") throw notPermitted();
  return page(context, filteredUsers(context), (user) => userJson(user, context.style));
}

export function getUser(context: Context, slug: string): Answer {
  if (context.login === "anonymous" && context.settings.anonymousUsers === "401") throw notPermitted();
  const user = filteredUsers(context).find((one) => one.slug === slug.toLowerCase());
  if (user !== undefined) return ok(userJson(user, context.style));
  throw refused(404, `User ${slug} does not exist.`, "user.NoSuchUserException");
}

/** Who came in, as plain text; nothing for nobody. */
export function whoAmI(name: string | undefined): Answer {
  return { status: 200, body: name ?? "", headers: { "content-type": "text/plain;charset=UTF-8" } };
}

export function listAdminUsers(context: Context): Answer {
  if (context.login !== "basic") throw notPermitted();
  if (!context.settings.adminUsers) {
    throw refused(403, "You are not permitted to access this resource", "AuthorisationException");
  }
  const details = {
    directoryName: "Internal Directory",
    deletable: true,
    mutableDetails: true,
    mutableGroups: true,
  };
  return page(context, filteredUsers(context), (user) => ({ ...userJson(user, context.style), ...details }));
}

function filteredUsers({ data, request, login }: Context): User[] {
  if (login === "anonymous") return [];
  const filter = (request.search.get("filter") ?? "").toLowerCase();
  if (filter === "") return data.users;
  return data.users.filter(({ name, displayName, emailAddress = "" }) =>
    [name, displayName, emailAddress].some((text) => text.toLowerCase().includes(filter)),
  );
}
