/** Every row that came in is accounted for. */

export interface Accounting {
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  /** rows that were there already, and rows superseded by a later one of the same key */
  readonly unchanged: number;
  /** rows that said that their key is deleted, and it was */
  readonly deleted: number;
  readonly rejected: number;
  /** rows of the table that are gone without the source having said so row by row: found by comparing keys */
  readonly removed: number;
}

export const written = (account: Accounting): number => account.added + account.updated;

/** Throws when the rows do not add up: that is a fault of ours, and nothing is published. */
export function assertBalance(job: string, account: Accounting): void {
  const out = written(account) + account.unchanged + account.deleted + account.rejected;
  if (out !== account.read) {
    throw new Error(
      `job ${job}: ${account.read} rows were read, but ${written(account)} written + ${account.unchanged} unchanged + ${account.deleted} deleted + ${account.rejected} rejected = ${out}`,
    );
  }
}
