/** Rules that the rows of a job or table must pass before a version is published. */

/** Options of every check. */
export interface CheckOptions {
  /** report a failure and go on, instead of stopping the load; default false */
  readonly warn?: boolean;
}

/** A check as plain data; the functions of this folder make them. */
export type Check = CheckOptions &
  (
    | { readonly kind: "notNull"; readonly column: string }
    | { readonly kind: "unique"; readonly columns: readonly string[] }
    | {
        readonly kind: "between";
        readonly column: string;
        readonly min: number | string;
        readonly max: number | string;
      }
    | { readonly kind: "matches"; readonly column: string; readonly pattern: string }
    | { readonly kind: "references"; readonly column: string; readonly table: string; readonly key?: string }
    | { readonly kind: "rowCount"; readonly min?: number; readonly max?: number }
  );
