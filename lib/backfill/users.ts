import { describeError, log } from "../aws/log.ts";
import { addressName } from "../bitbucket/address.ts";
import type { Page } from "../bitbucket/client.ts";
import { usersNotListed } from "../bitbucket/listing-notes.ts";
import { textField } from "../bitbucket/objects.ts";
import { pagesFrom } from "../bitbucket/pages.ts";
import { isDenied, RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { EntityKey } from "../port/entity.ts";
import { learnBases } from "./bases.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { type Item, reconcile } from "./reconcile.ts";
import type { ListedUsers } from "./sweep-users.ts";

/** Users that are reconciled together. */
const together = 1_000;

/**
 * Reconciles the users. `admin/users` shows all of them but refuses HTTP access tokens and those who are no
 * administrators; `users` shows the ones that may log in. Where neither may be listed, they come with what names them.
 * @returns what is wrong, and what was listed; undefined when nothing may be
 * @throws RequestError when the listing does not complete
 */
export async function backfillUsers(
  context: BackfillContext,
): Promise<{ readonly problems: Problems; readonly shown: ListedUsers | undefined }> {
  const problems: Problems = [];
  const listed = new Set<string>();
  const keys = new Map<EntityKey, string>();
  let buffer: JsonObject[] = [];
  const flush = async () => {
    const part = buffer;
    buffer = [];
    const done = await reconcile(part.length, (order) => observeUser(part[order], order), context);
    problems.push(...done.problems);
    for (const [key, index] of done.keys) keys.set(key, nameOf(part[index]));
    context.progress?.("user", { done: part.length });
  };
  try {
    for await (const { values } of listUsers(context)) {
      // Nobody is shown no addresses, and everybody would get another identifier.
      const nameless = values.every((user) => textField(user, "emailAddress") === undefined);
      if (nameless) await context.bitbucket.confirmSignIn();
      learnBases(values, context, "user");
      buffer.push(...values);
      for (const user of values) listed.add(nameOf(user));
      context.counts.user.seen += values.length;
      context.progress?.("user", { known: values.length });
      if (buffer.length >= together) await flush();
    }
  } catch (error) {
    if (!isDenied(error) || listed.size > 0) throw error;
    log("info", "users may not be listed: they come with what names them", describeError(error));
    context.notes.push(usersNotListed);
    return { problems, shown: undefined };
  }
  await flush();
  return { problems, shown: { listed, keys } };
}

async function* listUsers({ bitbucket }: BackfillContext): AsyncGenerator<Page> {
  let first: Page;
  try {
    first = await bitbucket.page("admin/users", "GET admin/users", 0);
  } catch (error) {
    const status = error instanceof RequestError ? error.failure.status : undefined;
    if (status === undefined || ![401, 403, 404].includes(status)) throw error;
    log("info", "users are listed without administrator's rights", describeError(error));
    yield* bitbucket.pages("users", "GET users");
    return;
  }
  yield* pagesFrom(first, "admin/users", "GET admin/users", bitbucket);
}

function observeUser(user: JsonObject | undefined, order: number): Item {
  if (user === undefined || textField(user, "name") === undefined) return [];
  return [
    { kind: "user", object: user, intent: "write", version: { order, proof: "listed" }, sources: [order] },
  ];
}

function nameOf(user: JsonObject | undefined): string {
  const slug = String(textField(user, "slug") ?? textField(user, "name"));
  return addressName({ kind: "user", slug });
}
