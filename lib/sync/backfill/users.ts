import type { Page } from "../../bitbucket/client.ts";
import { textField } from "../../bitbucket/objects.ts";
import { RequestError } from "../../errors.ts";
import type { JsonObject } from "../../json.ts";
import { describeError, log } from "../../log.ts";
import type { BackfillContext, Problems } from "./context.ts";
import { type Item, reconcile } from "./reconcile.ts";

/** Users that are reconciled together. */
const together = 1_000;

/**
 * Reconciles the users. `admin/users` shows all of them but refuses HTTP access tokens and those who are no
 * administrators; `users` shows the ones that may log in.
 * User entities are never deleted: Bitbucket's listings do not show everyone, and what others refer to should stay.
 * @throws RequestError when the listing does not complete
 */
export async function backfillUsers(context: BackfillContext): Promise<Problems> {
  const problems: Problems = [];
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
    context.counts.user.seen += values.length;
    context.progress?.("user", { known: values.length });
    if (buffer.length >= together) await flush();
  }
  await flush();
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
