export interface DeletionLimit {
  /** Deletions above this share of a scope (percent), and above ten, are withheld … */
  readonly maxDeletePercent: number;
  /** … unless they are allowed. */
  readonly allowMassDelete: boolean;
}

/** So few may always be deleted: a small catalog would otherwise never be swept. */
const alwaysAllowed = 10;

/** Whether so many deletions need a look at how large their scope is. */
export function needsLook(deletions: number, { allowMassDelete }: DeletionLimit): boolean {
  return deletions > alwaysAllowed && !allowMassDelete;
}

/** Whether deletions are withheld. @param of how many entities Port has in the scope */
export function isTooMuch(deletions: number, of: number, limit: DeletionLimit): boolean {
  return needsLook(deletions, limit) && deletions * 100 > of * limit.maxDeletePercent;
}

/** What an operator is told of deletions that are withheld. */
export function withheld(
  scope: string,
  deletions: number,
  of: number,
  { maxDeletePercent }: DeletionLimit,
): string {
  return (
    `${scope}: ${deletions} of ${of} entities would be deleted, more than ${maxDeletePercent} %: withheld; if that is ` +
    'right, --allow-mass-delete (on AWS: {"allowMassDelete": true} for resync) deletes them'
  );
}
