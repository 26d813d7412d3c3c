/** The query: one JSON value, the same for CLI, HTTP, dashboards, notebooks and TypeScript. */
import type { Filter } from "./filter.ts";
import type { Format, Span } from "./measure.ts";
import type { AttributeType } from "./dimension.ts";

/** A calculation named in the query itself: the formula grammar over the caller's visible measures. */
export interface NamedCalculation<M extends string = string> {
  readonly name: string;
  readonly formula: string;
  readonly format?: Format;
  readonly title?: string;
  /** never set; keeps the member type in the shape */
  readonly __member?: M;
}

export type Comparison =
  | "previous_period"
  | "previous_year"
  | { readonly by: string | Span }
  | { readonly range: readonly [string, string] };

export interface Query<M extends string = string, D extends string = string> {
  readonly measures: readonly (M | NamedCalculation)[];
  readonly dimensions?: readonly D[];
  /** ANDed. A filter on a measure is a HAVING. */
  readonly filters?: readonly Filter[];
  readonly compare?: { readonly dimension: string; readonly to: Comparison };
  readonly top?: readonly {
    readonly dimension: D;
    readonly by: M;
    readonly n: number;
    readonly others?: boolean;
    readonly within?: readonly D[];
  }[];
  /** true: grand total and subtotals, outermost dimension first; or a list of dimension lists */
  readonly totals?: boolean | readonly (readonly D[])[];
  readonly pivot?: { readonly columns: readonly D[] };
  readonly order?: readonly { readonly member: string; readonly direction?: "asc" | "desc" }[];
  readonly limit?: number;
  readonly cursor?: string;
  readonly history?: "as_is" | "as_was" | { readonly as_of: string };
  readonly fillDates?: boolean;
  readonly timeZone?: string;
  /** ISO date: relative ranges count from it */
  readonly now?: string;
  /** decimals and integers as strings, every digit kept */
  readonly exact?: boolean;
}

export interface Column {
  /** member name; comparisons add `.previous`, `.change`, `.change_rate` */
  readonly name: string;
  readonly kind: "dimension" | "measure";
  readonly type: AttributeType;
  readonly title: string;
  readonly description?: string;
  readonly format?: Format;
  readonly currency?: string;
  readonly better?: "up" | "down";
  /** a date dimension's level */
  readonly level?: string;
  /** the groups of a many-to-many dimension overlap: their numbers do not add up to the total */
  readonly overlapping?: boolean;
}

export type Value = string | number | boolean | null;
export type Row = { readonly [member: string]: Value };

export interface Result<R = Row> {
  readonly columns: readonly Column[];
  readonly rows: readonly R[];
  /** `level`: the dimensions still spread out; [] is the grand total */
  readonly totals?: readonly { readonly level: readonly string[]; readonly row: Row }[];
  /** what `top` leaves out, as one row a group */
  readonly others?: readonly { readonly level: readonly string[]; readonly row: Row }[];
  readonly meta: ResultMeta;
}

export interface ResultMeta {
  readonly elapsedMs: number;
  readonly warehouseVersion: number | null;
  /** the rollup that answered, or null */
  readonly rollup: string | null;
  /** rows were cut by the limit */
  readonly truncated: boolean;
  /** cursor of the next page */
  readonly next?: string;
  /** the day that relative dates count from, and the range they came to */
  readonly now?: string;
  readonly range?: readonly [string, string] | null;
  readonly sql?: readonly string[];
}
