import { bytesOf, identityOf } from "./git.ts";
import type { Entry, Tree } from "./model.ts";
import { inOrder } from "./resolving.ts";

/** What became of a file between two trees; `from` is where it was, or what it is a copy of. */
export type Difference = {
  readonly type: "ADD" | "COPY" | "DELETE" | "MODIFY" | "MOVE";
  readonly path: string;
  readonly from?: string;
  readonly before?: Entry | undefined;
  readonly after?: Entry | undefined;
};

/** Beyond so many pairs git gives up looking for what only resembles. */
const mostPairs = 10_000;

/** The differences between two trees, by path. Moves and copies are guessed from contents, as git does. */
export function differences(old: Tree, now: Tree, detectMoves: boolean): Difference[] {
  const gone = new Map([...old].filter(([path]) => !now.has(path)));
  const found: Difference[] = [];
  const added: Difference[] = [];
  for (const [path, after] of now) {
    const before = old.get(path);
    if (before === undefined) added.push({ type: "ADD", path, after });
    else if (before !== after && identityOf(before) !== identityOf(after))
      found.push({ type: "MODIFY", path, before, after });
  }
  found.push(...(detectMoves ? withOrigins(added, gone, old) : added));
  for (const [path, before] of gone) found.push({ type: "DELETE", path, before });
  const byPath = new Map(found.map((difference) => [difference.path, difference]));
  return inOrder(byPath.keys()).flatMap((path) => byPath.get(path) ?? []);
}

/** Takes out of `gone` what only moved. */
function withOrigins(added: readonly Difference[], gone: Tree, old: Tree): Difference[] {
  const goneBy = byIdentity(added.length > 0 ? gone : new Map());
  const exact = added.map((difference) => {
    const from = goneBy.get(identityIn(difference))?.find((path) => gone.has(path));
    return from === undefined ? difference : moved(difference, from, gone);
  });
  const rest = exact.filter(({ type }) => type === "ADD");
  const isTooMuch = rest.length * gone.size > mostPairs;
  const oldBy = byIdentity(rest.length > 0 ? old : new Map());
  return exact.map((difference) => {
    if (difference.type !== "ADD") return difference;
    const similar = isTooMuch ? undefined : similarPath(difference.after, gone);
    if (similar !== undefined) return moved(difference, similar, gone);
    const from = oldBy.get(identityIn(difference))?.[0];
    return from === undefined ? difference : { ...difference, type: "COPY", from, before: old.get(from) };
  });
}

function moved(difference: Difference, from: string, gone: Tree): Difference {
  const before = gone.get(from);
  gone.delete(from);
  return { ...difference, type: "MOVE", from, before };
}

/** Empty files are all alike, and say nothing. */
function byIdentity(tree: Tree): Map<string, string[]> {
  const withContent = [...tree].filter(([, entry]) => bytesOf(entry)?.length !== 0);
  const paths = new Map<string, string[]>();
  for (const [path, entry] of withContent) {
    const identity = identityOf(entry);
    paths.set(identity, [...(paths.get(identity) ?? []), path]);
  }
  return paths;
}

function identityIn({ after }: Difference): string {
  return after === undefined ? "" : identityOf(after);
}

function similarPath(entry: Entry | undefined, tree: Tree): string | undefined {
  for (const [path, other] of tree) if (similarity(entry, other) >= 0.5) return path;
  return undefined;
}

/** Which share of the lines two files have in common, 0 to 1. */
export function similarity(one: Entry | undefined, other: Entry | undefined): number {
  if (one === undefined || other === undefined) return 0;
  if (identityOf(one) === identityOf(other)) return 1;
  const [left, right] = [linesOf(one), linesOf(other)];
  const longest = Math.max(left.length, right.length);
  const unmatched = new Set(right);
  return longest === 0 ? 0 : left.filter((line) => unmatched.delete(line)).length / longest;
}

function linesOf(entry: Entry): string[] {
  const text = bytesOf(entry)?.toString("latin1") ?? "";
  return text.split("\n").filter((line) => line !== "");
}
