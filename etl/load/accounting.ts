/** Accounts for every row that was read. */

/** What became of the rows of a job. */
export interface Accounting {
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  /** rows that the table already had, and rows superseded by a later one with the same key */
  readonly unchanged: number;
  /** rows that the source marks as deleted */
  readonly deleted: number;
  readonly rejected: number;
  /** rows of the table that are gone from the source, found by comparing keys; not part of the rows read */
  readonly removed: number;
}

/** Rows added and updated. */
export const written = (account: Accounting): number => account.added + account.updated;

/** Checks that the rows add up. @throws Error otherwise: a bug of ours, and nothing is published */
export function assertBalance(job: string, account: Accounting): void {
  const out = written(account) + account.unchanged + account.deleted + account.rejected;
  if (out !== account.read) {
    const { read, unchanged, deleted, rejected } = account;
    throw new Error(
      `job ${job}: ${read} rows were read, but ${written(account)} written + ${unchanged} unchanged + ` +
        `${deleted} deleted + ${rejected} rejected = ${out}`,
    );
  }
}
