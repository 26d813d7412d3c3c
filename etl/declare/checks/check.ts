/** Rules that a job's or table's rows must pass before anyone can see them. */

export interface CheckOptions {
  /** reports the failure and goes on instead of stopping the load */
  readonly warn?: boolean;
}

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
