import { describeError, log } from "../aws/log.ts";
import { parseUserLink } from "../bitbucket/address.ts";
import type { Page } from "../bitbucket/client.ts";
import { selfLink, textField } from "../bitbucket/objects.ts";
import { RequestError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { type Item, reconcile } from "./reconcile.ts";
import { sweepUsers } from "./sweep-users.ts";

/** Users that are reconciled together. */
const together = 1_000;

/**
 * Reconciles the users. `admin/users` shows all of them but refuses HTTP access tokens and those who are no
 * administrators; `users` shows the ones that may log in.
 * An entity whose user Bitbucket says does not exist is deleted; Port keeps it when others refer to it.
 * @throws RequestError when the listing does not complete
 */
export async function backfillUsers(context: BackfillContext): Promise<Problems> {
  const problems: Problems = [];
  const listed = new Set<string>();
  const bases = new Set<string>([context.host.toLowerCase()]);
  let buffer: JsonObject[] = [];
  const flush = async () => {
    const part = buffer;
    buffer = [];
    const done = await reconcile(part.length, (order) => observeUser(part[order], order), context);
    problems.push(...done.problems);
    context.progress?.("user", { done: part.length });
  };
  for await (const { values } of listUsers(context)) {
    buffer.push(...values);
    for (const user of values) {
      listed.add(String(textField(user, "slug") ?? textField(user, "name")).toLowerCase());
      const base = parseUserLink(selfLink(user))?.base;
      if (base !== undefined) bases.add(base);
    }
    context.counts.user.seen += values.length;
    context.progress?.("user", { known: values.length });
    if (buffer.length >= together) await flush();
  }
  await flush();
  problems.push(...(await sweepUsers({ listed, bases }, context)));
  return problems;
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
  yield first;
  if (first.next !== undefined) yield* bitbucket.pages("admin/users", "GET admin/users", first.next);
}

function observeUser(user: JsonObject | undefined, order: number): Item {
  if (user === undefined || textField(user, "name") === undefined) return [];
  return [{ kind: "user", object: user, intent: "write", version: { order }, sources: [order] }];
}
